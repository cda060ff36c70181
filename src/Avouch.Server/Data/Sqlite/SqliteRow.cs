using System.Text;
using SQLitePCL;

namespace Avouch.Server.Data.Sqlite;

/// <summary>The row a prepared statement stands on. One object serves all rows of its statement.</summary>
internal sealed class SqliteRow(sqlite3_stmt statement) : Row
{
    public override bool IsNull(int ordinal) => raw.sqlite3_column_type(statement, ordinal) == raw.SQLITE_NULL;

    public override long Long(int ordinal)
    {
        Require(raw.SQLITE_INTEGER, ordinal);
        return raw.sqlite3_column_int64(statement, ordinal);
    }

    public override bool Bool(int ordinal) => Long(ordinal) != 0;

    public override Guid Id(int ordinal)
    {
        Require(raw.SQLITE_BLOB, ordinal);
        return new Guid(raw.sqlite3_column_blob(statement, ordinal), bigEndian: true);
    }

    public override byte[] Bytes(int ordinal)
    {
        Require(raw.SQLITE_BLOB, ordinal);
        return raw.sqlite3_column_blob(statement, ordinal).ToArray();
    }

    public override string Text(int ordinal)
    {
        Require(raw.SQLITE_TEXT, ordinal);
        return Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, ordinal)); // its length is known; text ends at a zero byte
    }

    /// <summary>SQLite would convert whatever it finds, and a NULL to zero.</summary>
    private void Require(int type, int ordinal)
    {
        var actual = raw.sqlite3_column_type(statement, ordinal);
        if (actual != type)
            throw new InvalidCastException($"Column {ordinal} holds {NameOf(actual)}, not {NameOf(type)}.");
    }

    private static string NameOf(int type) => type switch
    {
        raw.SQLITE_INTEGER => "an integer",
        raw.SQLITE_FLOAT => "a real number",
        raw.SQLITE_TEXT => "text",
        raw.SQLITE_BLOB => "bytes",
        _ => "null",
    };
}
