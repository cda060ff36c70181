using Avouch.Server.Data;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Backups;

/// <summary>
/// Puts a backup in the place of the database, while nobody works on the folder. Everything is checked and changed on a copy; the last step is one
/// rename, so there is the old database or the new one and nothing between.
/// </summary>
/// <param name="folder">Held by the caller until whoever may not sign in before <see cref="RestoredDatabase.TokensCountFrom"/> cannot.</param>
internal sealed class Restore(AvouchSettings settings, DataFolder folder, TimeProvider time)
{
    private const int BufferBytes = 128 * 1024;

    /// <param name="keepSessions">Leaves sessions and keys as they were when the backup was made.</param>
    /// <param name="copied">Told of so many bytes more.</param>
    /// <exception cref="RestoreException">The backup cannot be used; nothing has changed.</exception>
    public async Task<RestoredDatabase> Run(Stream backup, bool keepSessions, Action<long> copied, CancellationToken stop)
    {
        var keys = LoadMasterKeys();
        var copy = folder.CreateTemporary("restore");
        try
        {
            await Take(backup, copy, copied, stop);
            if (SqliteFile.FindFault(copy) is { } fault) throw new RestoreException($"The backup cannot be used: {fault}. Take another one.");
            var seen = SqliteFile.Settle(folder.DatabasePath, "journal");
            var restored = await Prepare(copy, keys, keepSessions, seen ?? 0);
            return restored with { KeptAside = Swap(copy) };
        }
        finally
        {
            foreach (var file in SqliteFile.Companions(copy).Prepend(copy)) File.Delete(file);
        }
    }

    /// <summary>The key of the settings or of the folder. It is never made here: a new one could open nothing of the backup.</summary>
    private MasterKeys LoadMasterKeys() =>
        settings.Server.SecretKey is not null || File.Exists(folder.PathOf(MasterKeys.FileName))
            ? MasterKeys.Load(settings.Server, isNew: false)
            : throw new RestoreException($"There is no {MasterKeys.FileName} in {folder.FullPath}, and AVOUCH_SECRET_KEY is not set. A backup is useless without the key that it was made with: put that key back first.");

    private static async Task Take(Stream backup, string copy, Action<long> copied, CancellationToken stop)
    {
        await using var target = new FileStream(copy, FileMode.Open, FileAccess.Write, FileShare.None);
        var piece = new byte[BufferBytes];
        for (int count; (count = await backup.ReadAsync(piece, stop)) > 0; copied(count))
            await target.WriteAsync(piece.AsMemory(0, count), stop);
    }

    private async Task<RestoredDatabase> Prepare(string copy, MasterKeys keys, bool keepSessions, long seen)
    {
        try
        {
            await using var database = SqliteDatabase.Open(copy);
            await Migrator.Apply(database, Migration.In(typeof(Restore).Assembly), time);
            await Installation.RequireMasterKey(database, keys);
            return await RestoredState.Write(database, keepSessions, seen, time.GetUtcNow());
        }
        catch (Exception unusable) when (unusable is MigrationException or StartException or DatabaseException)
        {
            throw new RestoreException(unusable.Message + " Nothing was changed.", unusable);
        }
    }

    /// <summary>The rename. What was there before stays beside it.</summary>
    /// <returns>Where the old database is now; nothing where there was none.</returns>
    private string? Swap(string copy)
    {
        if (SqliteFile.Companions(copy).Any(File.Exists)) throw new RestoreException("The restored database could not be made a single file. Make room on the disk and run the command again; nothing was changed.");
        Sync(copy);
        var aside = folder.PathOf($"avouch.db-until-{time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}");
        var hasOld = new FileInfo(folder.DatabasePath).Length > 0;
        if (File.Exists(aside)) throw new RestoreException($"\"{aside}\" exists already. Run the command again.");
        MoveCompanions(aside);
        if (hasOld) File.Replace(copy, folder.DatabasePath, aside);
        else File.Move(copy, folder.DatabasePath, overwrite: true);
        Durable.SyncFolder(folder.FullPath);
        return hasOld ? aside : null;
    }

    /// <summary>A log of the old database that could not be folded into it: under the new one's name it would be replayed into that.</summary>
    private void MoveCompanions(string aside)
    {
        foreach (var (from, to) in SqliteFile.Companions(folder.DatabasePath).Zip(SqliteFile.Companions(aside)))
            if (File.Exists(from))
                File.Move(from, to);
    }

    private static void Sync(string copy)
    {
        using var file = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        file.Flush(flushToDisk: true);
    }
}

/// <summary>A backup that cannot be restored, or not here: why, and what to do. Nothing has changed.</summary>
internal sealed class RestoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What a restore did.</summary>
/// <param name="MadeAt">When the last journal row of the backup was written: about how old it is.</param>
/// <param name="SessionsEnded"><see langword="null"/> where they were kept.</param>
/// <param name="TokensCountFrom">Access tokens issued before this are refused, so nobody may sign in before it.</param>
/// <param name="KeptAside">Where the old database is now.</param>
internal sealed record RestoredDatabase(long Users, DateTimeOffset? MadeAt, int? SessionsEnded, DateTimeOffset? TokensCountFrom, string? KeptAside);
