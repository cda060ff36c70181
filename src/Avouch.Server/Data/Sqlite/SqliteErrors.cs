using SQLitePCL;

namespace Avouch.Server.Data.Sqlite;

/// <summary>SQLite's result codes in the words of <see cref="DatabaseFault"/>.</summary>
internal static class SqliteErrors
{
    public static DatabaseException Last(sqlite3 connection)
    {
        var code = raw.sqlite3_extended_errcode(connection);
        return new DatabaseException($"SQLite error {code}: {raw.sqlite3_errmsg(connection).utf8_to_string()}", FaultOf(code));
    }

    /// <summary>For a call that returns its error and leaves none behind.</summary>
    public static DatabaseException Of(int code, sqlite3 connection) =>
        new($"SQLite error {code}: {raw.sqlite3_errstr(code).utf8_to_string()} ({raw.sqlite3_errmsg(connection).utf8_to_string()})", FaultOf(code));

    /// <summary>
    /// After these SQLite may have undone more than the statement that failed, and rolling back to a savepoint is no longer safe
    /// (https://www.sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction").
    /// </summary>
    public static bool EndsTransaction(sqlite3 connection) => raw.sqlite3_errcode(connection) is
        raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_NOMEM or raw.SQLITE_INTERRUPT or raw.SQLITE_CORRUPT;

    private static DatabaseFault FaultOf(int code) => code switch
    {
        raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_ROWID => DatabaseFault.Unique,
        raw.SQLITE_CONSTRAINT_FOREIGNKEY => DatabaseFault.ForeignKey,
        _ => (code & 0xff) switch // the low byte is the primary code
        {
            raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH => DatabaseFault.Constraint,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => DatabaseFault.Busy,
            raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_NOMEM or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY
                or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => DatabaseFault.Storage,
            _ => DatabaseFault.Other,
        },
    };
}
