using System.CommandLine;
using Avouch.Server.Cli.Checks;
using Avouch.Server.Cli.Files;
using Avouch.Server.Data;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>
/// <c>doctor</c> from the shell. A running server looks itself; without one, this looks at the folder without making, migrating or mending anything
/// in it, so that a broken one can be told from a missing one.
/// </summary>
internal sealed class LocalDoctor(AvouchSettings settings, FindingReport report, CancellationToken stop)
{
    public static async Task<int> Run(string[] args, ParseResult parsed, bool isJson)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var report = new FindingReport(output, isJson);
        var (settings, faults) = CommandLine.FindSettings(parsed);
        foreach (var fault in faults) await report.Add(Finding.Fault(SettingsChecks.Area, fault.Name.Length > 0 ? $"{fault.Name}: \"{fault.Value}\" {fault.Reason}." : fault.Reason, fault.Remedy));
        if (settings is null) return (int)report.Exit;
        using var stop = new StopSignal();
        if (await CommandClient.Run(OwnFiles.Of(settings), args, output, error, stop.Token) is { } exit) return exit;
        await new LocalDoctor(settings, report, stop.Token).Examine();
        return (int)report.Exit;
    }

    private async Task Examine()
    {
        foreach (var finding in SettingsChecks.Find(settings)) await report.Add(finding);
        foreach (var finding in TlsChecks.Find(settings.Server, TimeProvider.System.GetUtcNow())) await report.Add(finding);
        if (!DataFolder.HasDatabase(settings.Server.DataFolder))
        {
            await report.Add(FolderChecks.NoDatabase(settings.Server.DataFolder));
            return;
        }
        try
        {
            foreach (var finding in FolderChecks.Find(settings.Server)) await report.Add(finding);
            await report.Add(await ClockChecks.Find(TimeProvider.System, stop));
            await ExamineDatabase();
        }
        catch (Exception exception) when (LocalCommand.IsOfTheFolder(exception))
        {
            await report.Add(Finding.Fault(FolderChecks.Area, exception.Message, "Nothing was changed. Mend this and run doctor again."));
        }
    }

    private async Task ExamineDatabase()
    {
        using var folder = await FolderTurn.Await(() => DataFolder.Open(settings.Server.DataFolder, Holder.Command), TimeProvider.System, CancellationToken.None);
        try
        {
            await using var database = SqliteDatabase.Open(folder.DatabasePath);
            if (StartWarnings.OfIssuer(settings.Server, await Installation.FindIssuer(database)) is { } drift) await report.Add(drift);
            await foreach (var finding in new DatabaseChecks(database, LoadMasterKeys(), TimeProvider.System).Find()) await report.Add(finding);
        }
        catch (DatabaseException broken)
        {
            await report.Add(Finding.Fault(DatabaseChecks.Area, $"{folder.DatabasePath} cannot be read ({broken.Message}).", "Keep a copy of the whole folder, and put the last good backup back."));
        }
    }

    /// <summary>Never makes one: a missing key has been reported.</summary>
    private MasterKeys? LoadMasterKeys() =>
        settings.Server.SecretKey is not null || File.Exists(Path.Combine(settings.Server.DataFolder, MasterKeys.FileName)) ? MasterKeys.Load(settings.Server, isNew: false) : null;
}
