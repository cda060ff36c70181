using System.Collections.Concurrent;

namespace Avouch.Server.Health;

/// <summary>One check, what it found and how long it looked.</summary>
internal sealed record HealthFinding(string Name, HealthState State, TimeSpan Took);

/// <summary>Looks at everything: whenever somebody asks, and once a minute by itself. What has changed is logged, once.</summary>
internal sealed partial class HealthWatch(IEnumerable<HealthCheck> checks, TimeProvider time, ILogger<HealthWatch> logger)
{
    private readonly HealthCheck[] checks = [.. checks];
    private readonly ConcurrentDictionary<string, HealthLevel> levels = new();

    public async Task<IReadOnlyList<HealthFinding>> LookAtAll()
    {
        var findings = new List<HealthFinding>(checks.Length);
        foreach (var check in checks) findings.Add(await Look(check));
        return findings;
    }

    private async Task<HealthFinding> Look(HealthCheck check)
    {
        var began = time.GetTimestamp();
        Exception? fault = null;
        HealthState state;
        try
        {
            state = await check.Look();
        }
        catch (Exception error)
        {
            (fault, state) = (error, HealthState.Unhealthy("This could not be looked at; the log says why.", error.Message));
        }
        Note(check.Name, state, fault);
        return new HealthFinding(check.Name, state, time.GetElapsedTime(began));
    }

    private void Note(string name, HealthState state, Exception? fault)
    {
        var before = HealthLevel.Healthy;
        levels.AddOrUpdate(name, state.Level, (_, last) =>
        {
            before = last;
            return state.Level;
        });
        if (before == state.Level) return;
        if (state.Level == HealthLevel.Healthy) Log.Recovered(logger, name);
        else Log.Changed(logger, fault, name, state.Level, state.Reason ?? "", state.Detail ?? "");
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "health.changed", Level = LogLevel.Warning, Message = "Health: {Check} is {State}. {Reason} ({Detail})")]
        public static partial void Changed(ILogger logger, Exception? fault, string check, HealthLevel state, string reason, string detail);

        [LoggerMessage(EventName = "health.recovered", Level = LogLevel.Information, Message = "Health: {Check} is well again")]
        public static partial void Recovered(ILogger logger, string check);
    }
}
