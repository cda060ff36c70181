using System.Text.Json;
using Avouch.Server.Cli.Checks;

namespace Avouch.Server.Cli;

/// <summary>Writes findings as they come and remembers the worst.</summary>
internal sealed class FindingReport(TextWriter output, bool isJson)
{
    private const int SeverityWidth = 9;
    private const int AreaWidth = 12;

    private ExitCode? fault;
    private bool hasWarning;

    /// <summary>That of the first fault, since what comes later may only follow from it; without a fault, whether there was a warning.</summary>
    public ExitCode Exit => fault ?? (hasWarning ? ExitCode.Doubtful : ExitCode.Done);

    public async Task Add(Finding finding)
    {
        if (finding.Severity == Finding.IsFault) fault ??= CodeOf(finding.Area);
        hasWarning |= finding.Severity == Finding.IsWarning;
        if (isJson) await output.WriteLineAsync(JsonSerializer.Serialize(finding, CliJson.Default.Finding));
        else await Write(finding);
    }

    private async Task Write(Finding finding)
    {
        var severity = finding.Severity == Finding.IsOk ? finding.Severity : finding.Severity.ToUpperInvariant();
        await output.WriteLineAsync(severity.PadRight(SeverityWidth) + finding.Area.PadRight(AreaWidth) + Listing.Clean(finding.Text));
        if (finding.Remedy is { } remedy) await output.WriteLineAsync(new string(' ', SeverityWidth + AreaWidth) + "→ " + Listing.Clean(remedy));
    }

    private static ExitCode CodeOf(string area) => area switch
    {
        SettingsChecks.Area => ExitCode.Settings,
        FolderChecks.Area or "master key" => ExitCode.DataFolder,
        _ => ExitCode.Failed,
    };
}
