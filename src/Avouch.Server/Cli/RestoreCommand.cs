using System.CommandLine;
using System.Globalization;
using Avouch.Server.Backups;
using Avouch.Server.Cli.Files;
using Avouch.Server.Data;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary><c>avouch restore</c>: a backup in the place of the database. It never runs inside of a server, and never beside one.</summary>
internal static class RestoreCommand
{
    private const string KeptWarning =
        "WARNING: sessions and signing keys are kept as they were when the backup was made. Whatever was taken back since is not: sessions that ended are alive again, "
        + "and access tokens that were revoked count until they expire. Refresh tokens of that time can be used again by whoever has a copy, and devices that have refreshed "
        + "since are refused with an alarm in the journal (refresh.ahead_of_database) until they sign in again. Without --keep-sessions everybody signs in once and none of this is true.";

    public static Command Build()
    {
        var file = new Argument<string>("FILE") { Description = "A file that avouch backup made." };
        var keep = new Option<bool>("--keep-sessions") { Description = "Neither ends the sessions nor replaces the signing keys. What was taken back since the backup counts again." };
        var command = new Command("restore", "Puts a backup in the place of the database, ends all sessions and replaces the signing keys. The server must be stopped; the old database is kept beside.\n\nExample:\n  avouch restore /var/backups/avouch-monday.db")
        {
            file, keep,
        };
        command.SetAction((parsed, _) => Run(parsed, parsed.GetValue(file)!, parsed.GetValue(keep)));
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, string path, bool keepSessions)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (CommandLine.ReadSettings(parsed) is not { } settings) return (int)ExitCode.Settings;
        using var stop = new StopSignal();
        try
        {
            RequireOther(path, settings.Server.DataFolder);
            await using var backup = await new LocalFiles(OwnFiles.Of(settings)).OpenRead(path);
            using var folder = await FolderTurn.Await(() => DataFolder.Open(settings.Server.DataFolder, Holder.Command), TimeProvider.System, stop.Token);
            if (keepSessions) error.WriteLine(KeptWarning);
            await Tell(output, path, await Restore(settings, folder, backup, keepSessions, error, stop.Token));
            return (int)ExitCode.Done;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Stopped. Nothing was changed.");
            return (int)ExitCode.Stopped;
        }
        catch (Exception refused) when (refused is RestoreException or FileException)
        {
            error.WriteLine(refused.Message);
            return (int)ExitCode.Failed;
        }
        catch (Exception exception) when (LocalCommand.IsOfTheFolder(exception))
        {
            return LocalCommand.Report(error, exception);
        }
    }

    /// <exception cref="RestoreException">The source is what it would replace.</exception>
    private static void RequireOther(string path, string folder)
    {
        if (FileFacts.Find(path)?.IsSameFile(FileFacts.Find(Path.Combine(folder, DataFolder.DatabaseName))) == true)
            throw new RestoreException($"\"{path}\" is the database of this data folder itself. Name a backup: a file that avouch backup made.");
    }

    /// <summary>The folder stays ours until the second has begun from which on tokens count: a sign-in before that would be in vain.</summary>
    private static async Task<RestoredDatabase> Restore(AvouchSettings settings, DataFolder folder, Stream backup, bool keepSessions, TextWriter error, CancellationToken stop)
    {
        var time = TimeProvider.System;
        using var progress = new Progress(error, !Console.IsErrorRedirected, "Copying, bytes", backup.CanSeek ? backup.Length : null, time);
        RestoredDatabase restored;
        try
        {
            restored = await new Restore(settings, folder, time).Run(backup, keepSessions, progress.Advance, stop);
        }
        catch
        {
            folder.Abandon();   // where nothing was, nothing is left
            throw;
        }
        if (restored.TokensCountFrom is { } from && from - time.GetUtcNow() is var rest && rest > TimeSpan.Zero) await Task.Delay(rest, time, CancellationToken.None);
        return restored;
    }

    private static async Task Tell(TextWriter output, string path, RestoredDatabase restored)
    {
        var madeAt = restored.MadeAt is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "an empty database";
        await output.WriteLineAsync($"Restored {path}: {restored.Users.ToString("N0", CultureInfo.InvariantCulture)} users, state of {madeAt}.");
        if (restored.SessionsEnded is { } ended) await output.WriteLineAsync($"{ended.ToString("N0", CultureInfo.InvariantCulture)} sessions ended and all signing keys were withdrawn: everybody signs in again, and the server makes new keys when it starts.");
        if (restored.KeptAside is { } aside) await output.WriteLineAsync($"The database that was here is kept as {aside}. Delete it when you are sure.");
        await output.WriteLineAsync("Start the server now: avouch serve");
    }
}
