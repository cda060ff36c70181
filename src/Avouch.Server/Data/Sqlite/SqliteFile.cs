namespace Avouch.Server.Data.Sqlite;

/// <summary>A database file that nobody has open: what can be said of it before it is used.</summary>
internal static class SqliteFile
{
    /// <summary>What is wrong with it, in a few words; <see langword="null"/> where it is a whole database of this program.</summary>
    public static string? FindFault(string path)
    {
        try
        {
            using var connection = Connection.OpenReader(path);
            if (connection.First("PRAGMA application_id", static row => row.Long(0)) != Connection.ApplicationId) return "it is no database of Avouch";
            var report = connection.First("PRAGMA integrity_check(1)", static row => row.Text(0));
            return report == "ok" ? null : $"it is damaged: {report}";
        }
        catch (DatabaseException unreadable)
        {
            return unreadable.Message;
        }
    }

    /// <summary>
    /// Folds the write-ahead log that a crash may have left into the file, and looks which number a table gave last.
    /// </summary>
    /// <returns><see langword="null"/> where the file is empty or cannot be used.</returns>
    public static long? Settle(string path, string numberedTable)
    {
        if (new FileInfo(path).Length == 0) return null;
        try
        {
            using var connection = Connection.OpenWriter(path);
            return connection.First("SELECT seq FROM sqlite_sequence WHERE name = @table", static row => row.Long(0), ("table", numberedTable));
        }
        catch (Exception unusable) when (unusable is DatabaseException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The files that SQLite keeps beside a database.</summary>
    public static IEnumerable<string> Companions(string path) => [path + "-wal", path + "-shm", path + "-journal"];
}
