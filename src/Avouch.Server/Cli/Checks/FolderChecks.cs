using Avouch.Server.Data;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli.Checks;

/// <summary>The data folder from outside: who may open what lies in it, and whether there is room.</summary>
internal static class FolderChecks
{
    public const string Area = "folder";

    private const long LittleBytes = 1L << 30;
    private const long TooFewBytes = 100L << 20;

    public static IEnumerable<Finding> Find(ServerSettings server)
    {
        var folder = server.DataFolder;
        if (Rights.MayOthersWrite(folder))
            foreach (var finding in Writers(server)) yield return finding;
        else
            yield return Rights.IsOpenToOthers(folder) ? Finding.Warning(Area, $"{folder} may be entered by others ({Rights.Show(folder)}).", $"chmod 700 {folder}") : Finding.Ok(Area, folder);
        foreach (var file in Directory.EnumerateFiles(folder, "avouch.db*").Where(Rights.IsOpenToOthers))
            yield return Finding.Warning(Area, $"{file} may be read by others ({Rights.Show(file)}).", $"chmod 600 {file}");
        foreach (var finding in Owners(folder)) yield return finding;
        yield return MasterKey(server);
        yield return Space(folder);
    }

    /// <summary>Others may put files of their own into the folder. If that is everybody, no server starts on it.</summary>
    public static IEnumerable<Finding> Writers(ServerSettings server)
    {
        var folder = server.DataFolder;
        if (Rights.MayOthersWrite(folder)) yield return Finding.Warning(Area, $"Others may write into {folder} ({Rights.Show(folder)}).", $"chmod 700 {folder}");
    }

    /// <summary>Others may read the master key.</summary>
    public static IEnumerable<Finding> KeyReaders(ServerSettings server)
    {
        var file = Path.Combine(server.DataFolder, MasterKeys.FileName);
        if (Rights.IsOpenToOthers(file)) yield return Finding.Fault("master key", $"{file} may be read by others ({Rights.Show(file)}).", $"chmod 600 {file}. If somebody may have read it, exchange it: docs/runbooks/keys.md.");
    }

    /// <summary>No database, or an empty file in its place: a new installation, or one that lost everything.</summary>
    public static Finding NoDatabase(string folder)
    {
        var file = Path.Combine(folder, DataFolder.DatabaseName);
        if (!File.Exists(Path.Combine(folder, MasterKeys.FileName)))
            return Finding.Fault(Area, $"There is no database in {folder}.", "Give the right folder with --data, or start the server once: avouch serve makes it.");
        return Finding.Fault(Area, $"{file} is {(File.Exists(file) ? "empty" : "missing")}, and {MasterKeys.FileName} lies beside it: the accounts of this installation are gone.",
            $"Restore the last backup: avouch restore FILE --data {folder}. Only where there never were accounts, start the server: it makes a new database.");
    }

    /// <summary>Files that are closed to the user of the server, mostly since a command of root has made them. A folder of root's may hold files of another on purpose.</summary>
    private static IEnumerable<Finding> Owners(string folder)
    {
        if (FileFacts.Find(folder) is not { IsKnown: true } home) yield break;
        foreach (var file in ((string[])[DataFolder.DatabaseName, MasterKeys.FileName]).Select(name => Path.Combine(folder, name)))
            if (FileFacts.Find(file) is { } facts && IsForeign(facts.Owner, home.Owner))
                yield return Finding.Fault(Area, $"{file} belongs to the user {facts.Owner}, the folder to {home.Owner}, and this is {Ownership.CurrentUser}: a server of another user cannot open the file.", $"chown {home.Owner}:{home.Group} {file}, and run the server as that user.");
    }

    private static bool IsForeign(uint file, uint folder) => Ownership.CurrentUser == 0 ? folder != 0 && file != folder : file != Ownership.CurrentUser;

    private static Finding MasterKey(ServerSettings server)
    {
        var file = Path.Combine(server.DataFolder, MasterKeys.FileName);
        var exists = File.Exists(file);
        if (!exists && server.SecretKey is null)
            return Finding.Fault("master key", $"{file} is missing, and AVOUCH_SECRET_KEY is not set: nothing that is sealed can be opened.", "Put the file back from a backup, or set AVOUCH_SECRET_KEY to the key that this database was made with.");
        if (KeyReaders(server).FirstOrDefault() is { } open) return open;
        if (exists && server.SecretKey is not null)
            return Finding.Warning("master key", $"AVOUCH_SECRET_KEY is set, so {file} is not used.", "Delete the file if it is not a key that you still need.");
        return Finding.Ok("master key", exists ? file : "AVOUCH_SECRET_KEY");
    }

    private static Finding Space(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var words = $"{free >> 20} MiB free";
        return free switch
        {
            < TooFewBytes => Finding.Fault("disk", words, "Make room: without it nobody can sign in."),
            < LittleBytes => Finding.Warning("disk", words, "Make room before it runs out."),
            _ => Finding.Ok("disk", words),
        };
    }
}
