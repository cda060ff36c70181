namespace Avouch.Server.Health;

internal enum HealthLevel
{
    Healthy,

    /// <summary>It serves, and somebody should look: still 200, since another server would not do better.</summary>
    Degraded,

    /// <summary>It cannot serve: 503.</summary>
    Unhealthy,
}

/// <summary>What a check found.</summary>
/// <param name="Reason">One plain sentence for everybody: no path, no figure, no word of a library.</param>
/// <param name="Detail">Figures for whoever runs the server.</param>
internal readonly record struct HealthState(HealthLevel Level, string? Reason = null, string? Detail = null)
{
    public static HealthState Well(string? detail = null) => new(HealthLevel.Healthy, null, detail);

    public static HealthState Degraded(string reason, string? detail = null) => new(HealthLevel.Degraded, reason, detail);

    public static HealthState Unhealthy(string reason, string? detail = null) => new(HealthLevel.Unhealthy, reason, detail);
}

/// <summary>
/// One thing that is looked at. Whoever owns something that can go wrong adds one to the services: <c>services.AddSingleton(new HealthCheck("mail", …))</c>.
/// </summary>
/// <param name="Look">Cheap, since anybody may ask, and soon done, whatever is broken.</param>
internal sealed record HealthCheck(string Name, Func<ValueTask<HealthState>> Look);
