using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Avouch.Load;

/// <summary>What one run of a load generator saw. Times in milliseconds; <see cref="Failed"/> is every answer but a 2xx, and every broken connection.</summary>
internal readonly record struct Run(double Rate, double P50, double P99, long Answers, long Failed);

/// <summary>wrk: as many requests as the server takes.</summary>
internal static partial class Wrk
{
    public static async Task<Run> Drive(string url, int connections, double seconds, string script, params string[] arguments)
    {
        var text = await Command.Output("wrk", [
            "-t2", $"-c{connections}", $"-d{Math.Max(1, Math.Round(seconds))}s", "--latency", "--timeout", "10s",
            "-s", Path.Combine(AppContext.BaseDirectory, script), url, "--", .. arguments]);
        return new Run(
            Number(RateLine().Match(text)), Milliseconds(text, "50%"), Milliseconds(text, "99%"),
            (long)Number(AnswersLine().Match(text)),
            (long)Number(RefusedLine().Match(text)) + BrokenLine().Matches(text).Sum(match => (long)Number(match)));
    }

    private static double Number(Match match) => match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private static double Milliseconds(string text, string percentile)
    {
        var match = Regex.Match(text, $@"{percentile}\s+([\d.]+)(us|ms|s)\b");
        return Number(match) * match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RateLine();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex AnswersLine();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex RefusedLine();

    [GeneratedRegex(@"(?:connect|read|write|timeout) (\d+)")]
    private static partial Regex BrokenLine();
}

/// <summary>h2load: requests at a fixed rate. Its log holds each answer's time, from which the percentiles are taken.</summary>
internal static class H2Load
{
    public static async Task<Run> Drive(string url, int connections, int rate, double seconds, string token, string folder)
    {
        var log = Path.Combine(folder, "h2load.log");
        File.Delete(log);
        await Command.Output("h2load", [
            "--h1", "-t1", $"-c{connections}", $"--rps={rate / connections}", $"-D{Math.Max(1, Math.Round(seconds))}s", $"--log-file={log}",
            "-H", $"Authorization: Bearer {token}", url]);
        var answers = File.ReadLines(log).Select(line => line.Split('\t')).ToList();
        var milliseconds = answers.Select(fields => double.Parse(fields[2], CultureInfo.InvariantCulture) / 1000).Order().ToList();
        return new Run(
            answers.Count / seconds, milliseconds[milliseconds.Count / 2], milliseconds[milliseconds.Count * 99 / 100],
            answers.Count, answers.Count(fields => fields[1] != "200"));
    }
}

/// <summary>A program that runs to its end and whose output is wanted.</summary>
internal static class Command
{
    public static async Task<string> Output(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {await errors}{output}");
    }
}
