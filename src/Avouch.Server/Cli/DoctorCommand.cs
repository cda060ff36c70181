using System.CommandLine;
using Avouch.Server.Cli.Checks;
using Avouch.Server.Data;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary><c>avouch doctor</c>: finds what is wrong, each with its remedy. Beside a running server, that server looks, with its own settings.</summary>
internal static class DoctorCommand
{
    public static Command Build(Func<ParseResult, bool, Task<int>> run)
    {
        var isJson = Listing.JsonOption();
        var command = new Command("doctor", "Looks for what is wrong with settings, folder, keys, clock and database, and says what to do. Changes nothing. Exit code: 0 all is well, 5 something should be mended, 1, 3 or 4 something is broken.\n\nExample:\n  avouch doctor --data /var/lib/avouch") { isJson };
        command.SetAction((parsed, _) => run(parsed, parsed.GetValue(isJson)));
        return command;
    }

    /// <summary>Everything, inside of a running server.</summary>
    public static async Task<ExitCode> Examine(CommandContext context, bool isJson)
    {
        var settings = context.Get<AvouchSettings>();
        var time = context.Get<TimeProvider>();
        var report = new FindingReport(context.Output, isJson);
        await report.Add(Finding.Ok("server", $"running, version {Product.Version}, process {Environment.ProcessId}"));
        foreach (var finding in SettingsChecks.Find(settings)) await report.Add(finding);
        foreach (var finding in TlsChecks.Find(settings.Server, time.GetUtcNow())) await report.Add(finding);
        foreach (var finding in FolderChecks.Find(settings.Server)) await report.Add(finding);
        if (StartWarnings.OfIssuer(settings.Server, await Installation.FindIssuer(context.Get<Database>())) is { } drift) await report.Add(drift);
        await report.Add(await ClockChecks.Find(time, context.Stop));
        await foreach (var finding in new DatabaseChecks(context.Get<Database>(), context.Get<MasterKeys>(), time).Find()) await report.Add(finding);
        return report.Exit;
    }
}
