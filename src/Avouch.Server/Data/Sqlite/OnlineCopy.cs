using SQLitePCL;

namespace Avouch.Server.Data.Sqlite;

/// <summary>
/// A copy of the database at one moment, made while everybody works on (https://www.sqlite.org/backup.html). The reading connection stands in a
/// transaction, so writers do not make the copy start over; the write-ahead log cannot shrink until it is done.
/// </summary>
internal static class OnlineCopy
{
    private const int PagesEachStep = 256;

    /// <param name="source">In a transaction that has read something: what is committed by then is in the copy.</param>
    /// <param name="path">An empty file.</param>
    /// <param name="copied">Told of so many bytes more.</param>
    public static async ValueTask Run(Connection source, string path, Action<long> copied, CancellationToken stop)
    {
        using var target = Connection.OpenCopy(path);
        var pageBytes = source.First("PRAGMA page_size", static row => row.Long(0));
        using (var backup = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main") ?? throw SqliteErrors.Last(target.Handle))
        {
            var pages = 0;
            while (Step(backup, target) == raw.SQLITE_OK)
            {
                stop.ThrowIfCancellationRequested();
                var done = raw.sqlite3_backup_pagecount(backup) - raw.sqlite3_backup_remaining(backup);
                copied((done - pages) * pageBytes);
                pages = done;
                await Task.Yield();   // the disk is shared with those who sign in
            }
            copied((raw.sqlite3_backup_pagecount(backup) - pages) * pageBytes);
        }
        Finish(target);
    }

    private static int Step(sqlite3_backup backup, Connection target)
    {
        var code = raw.sqlite3_backup_step(backup, PagesEachStep);
        return code is raw.SQLITE_OK or raw.SQLITE_DONE ? code : throw SqliteErrors.Of(code, target.Handle);
    }

    /// <summary>One file that says nothing of a log beside it, so that it can be read from anywhere.</summary>
    private static void Finish(Connection target)
    {
        if (target.First("PRAGMA journal_mode = DELETE", static row => row.Text(0)) != "delete")
            throw new DatabaseException("The copy could not be made a single file. Try again.", DatabaseFault.Storage);
        if (target.First("PRAGMA quick_check(1)", static row => row.Text(0)) is var fault && fault != "ok")
            throw new DatabaseException($"The copy is damaged ({fault}), and so may the database be. Check the disk, and keep the backups that you have.", DatabaseFault.Storage);
    }
}
