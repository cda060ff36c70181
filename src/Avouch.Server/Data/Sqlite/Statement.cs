using System.Text;
using SQLitePCL;

namespace Avouch.Server.Data.Sqlite;

/// <summary>One prepared statement of one connection, used again and again.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt handle;
    private readonly string[] names;

    public Statement(sqlite3 connection, string sql)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out handle, out var rest));
        if (!string.IsNullOrWhiteSpace(rest))
            throw new ArgumentException($"One statement at a time; this follows the first: {rest}", nameof(sql));

        names = new string[raw.sqlite3_bind_parameter_count(handle)];
        for (var i = 0; i < names.Length; i++)
            names[i] = raw.sqlite3_bind_parameter_name(handle, i + 1).utf8_to_string().TrimStart('@');
        Row = new SqliteRow(handle);
    }

    public Row Row { get; }

    public void Bind(ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        if (parameters.Length != names.Length)
            throw new ArgumentException(
                $"The statement takes {names.Length} parameters ({string.Join(", ", names)}), not {parameters.Length}.");
        foreach (ref readonly var parameter in parameters)
            Check(Bind(IndexOf(parameter.Name), in parameter.Value));
    }

    /// <summary>SQLite's own code: ROW, DONE, or an error that the connection turns into an exception.</summary>
    public int Step() => raw.sqlite3_step(handle);

    /// <summary>Lets go of the row and of the read lock. It repeats the error of the last step, which was reported there.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle);

    public void Dispose() => handle.Dispose();

    private int IndexOf(string name)
    {
        var index = Array.IndexOf(names, name);
        return index >= 0
            ? index + 1 // SQLite counts from one
            : throw new ArgumentException($"The statement has no parameter @{name}; it has {string.Join(", ", names)}.");
    }

    private int Bind(int index, in SqlValue value) => value switch
    {
        { IsNull: true } => raw.sqlite3_bind_null(handle, index),
        { Type: SqlType.Long } => raw.sqlite3_bind_int64(handle, index, value.Long),
        { Type: SqlType.Bool } => raw.sqlite3_bind_int(handle, index, value.Bool ? 1 : 0),
        { Type: SqlType.Id } => BindId(index, value.Id),
        { Type: SqlType.Bytes } => raw.sqlite3_bind_blob(handle, index, value.Bytes),
        _ => BindText(index, value.Text),
    };

    private int BindId(int index, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _); // so that the bytes of a UUIDv7 sort by its time
        return raw.sqlite3_bind_blob(handle, index, bytes);
    }

    private int BindText(int index, string text)
    {
        if (text.Length == 0)
            return raw.sqlite3_bind_text(handle, index, ""); // an empty span has no address, and would be bound as NULL

        const int small = 512;
        var size = Encoding.UTF8.GetByteCount(text);
        var bytes = size <= small ? stackalloc byte[small] : new byte[size];
        return raw.sqlite3_bind_text(handle, index, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw SqliteErrors.Last(connection);
    }
}
