using System.CommandLine;
using System.Globalization;
using Avouch.Server.Passwords;

namespace Avouch.Server.Cli;

/// <summary>A measured cost as the shell shows one.</summary>
internal sealed record CalibrationLine(int MemoryKib, int Iterations, double Milliseconds, double PerSecond, bool IsInForce, bool IsRecommended);

/// <summary><c>avouch hash calibrate</c>: what password hashes cost on this machine. Needs no data folder.</summary>
internal static class HashCommand
{
    private const int DefaultMilliseconds = 100;

    public static Command Build() => new("hash", "Measures password hashes.\n\nExample:\n  avouch hash calibrate") { CalibrateCommand() };

    private static Command CalibrateCommand()
    {
        var milliseconds = Values.Number("--milliseconds", "The longest that one hash may take.", "MS", DefaultMilliseconds, 1, 10_000);
        var maxMemory = Values.Number("--max-memory", "The most memory of one hash, in KiB; each lane holds as much.", "KIB", 128 * 1024, 8, 128 * 1024);
        var isJson = Listing.JsonOption();
        var command = new Command("calibrate", "Measures what password hashes take on this machine and recommends settings. Takes some seconds; run it while nobody signs in.\n\nExample:\n  avouch hash calibrate --milliseconds 50") { milliseconds, maxMemory, isJson };
        command.SetAction(async (parsed, _) =>
        {
            if (CommandLine.ReadSettings(parsed) is not { } settings) return (int)ExitCode.Settings;
            using var stop = new StopSignal();
            var limit = TimeSpan.FromMilliseconds(parsed.GetValue(milliseconds));
            return await Calibrate(parsed, settings.Passwords, limit, parsed.GetValue(maxMemory), parsed.GetValue(isJson), stop.Token);
        });
        return command;
    }

    private static async Task<int> Calibrate(ParseResult parsed, PasswordHashSettings settings, TimeSpan limit, int maxMemory, bool isJson, CancellationToken stop)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var most = Math.Min(maxMemory, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 / 1024 / settings.Lanes);
        var choices = HashCalibration.Choices.Where(choice => choice.MemoryKiB <= most).ToList();
        if (choices.Count == 0)
        {
            await error.WriteLineAsync($"One hash may take {most} KiB here, and the least that is safe takes {HashCalibration.Choices[0].MemoryKiB}. Raise --max-memory, or use fewer lanes with --set AVOUCH_HASH_LANES=1.");
            return (int)ExitCode.Failed;
        }
        try
        {
            var measured = await Measure(choices, settings, new Terminal(stop), error, stop);
            return await Report(output, isJson, settings, limit, measured);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped.");
            return (int)ExitCode.Stopped;
        }
    }

    private static async Task<List<HashMeasurement>> Measure(List<(int MemoryKiB, int Iterations)> choices, PasswordHashSettings settings, Person person, TextWriter error, CancellationToken stop)
    {
        var measured = new List<HashMeasurement>();
        using var progress = new Progress(error, person.HasScreen, "Measuring", choices.Count, TimeProvider.System);
        foreach (var (memory, iterations) in choices)
        {
            measured.Add(await HashCalibration.Measure(settings with { MemoryKiB = memory, Iterations = iterations }, TimeProvider.System, stop));
            progress.Advance();
        }
        return measured;
    }

    private static async Task<int> Report(TextWriter output, bool isJson, PasswordHashSettings settings, TimeSpan limit, List<HashMeasurement> measured)
    {
        var best = HashCalibration.Recommend(measured, limit);
        await Begin(output, isJson, settings.Lanes).All(measured.ConvertAll(one => ToLine(one, settings, best)));
        if (isJson) return (int)ExitCode.Done;
        await output.WriteLineAsync();
        if (best.Alone > limit) await output.WriteLineAsync($"Nothing that is safe fits into {limit.TotalMilliseconds:0} ms here; this comes closest.");
        await output.WriteLineAsync("Recommended here:");
        await output.WriteLineAsync($"  AVOUCH_ARGON2_MEMORY_KIB={best.Parameters.MemoryKiB}");
        await output.WriteLineAsync($"  AVOUCH_ARGON2_ITERATIONS={best.Parameters.Iterations}");
        await output.WriteLineAsync($"Passwords are hashed anew at each person's next sign-in. {settings.Lanes} lanes hold up to {(long)settings.Lanes * best.Parameters.MemoryKiB / 1024} MiB.");
        return (int)ExitCode.Done;
    }

    private static Listing<CalibrationLine> Begin(TextWriter output, bool isJson, int lanes) => new(output, isJson, CliJson.Default.CalibrationLine,
        new("MEMORY", line => $"{line.MemoryKib} KiB"),
        new("ITERATIONS", line => line.Iterations.ToString(CultureInfo.InvariantCulture)),
        new("ONE HASH", line => string.Create(CultureInfo.InvariantCulture, $"{line.Milliseconds:0.0} ms")),
        new($"A SECOND, {lanes} LANES", line => string.Create(CultureInfo.InvariantCulture, $"{line.PerSecond:0.0}")),
        new("", line => (line.IsInForce, line.IsRecommended) switch
        {
            (true, true) => "in force, recommended",
            (true, false) => "in force",
            (false, true) => "recommended",
            _ => " ",
        }));

    private static CalibrationLine ToLine(HashMeasurement one, PasswordHashSettings settings, HashMeasurement best) => new(
        one.Parameters.MemoryKiB, one.Parameters.Iterations, Math.Round(one.Alone.TotalMilliseconds, 2), Math.Round(one.PerSecond, 2),
        one.Parameters == settings.Parameters, one.Parameters == best.Parameters);
}
