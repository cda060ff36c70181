namespace Avouch.Server.Data;

/// <summary>
/// What may be said to the database inside a read or a write. Parameters are named without '@' here and with it in the SQL;
/// every parameter of the text must be given, and no other. On SQLite each call has completed when it returns.
/// </summary>
internal abstract class Statements
{
    /// <summary>Runs a statement and tells how many rows it changed.</summary>
    public abstract ValueTask<int> Execute(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters);

    /// <summary>The first row, or default when there is none.</summary>
    public abstract ValueTask<T?> Find<T>(
        string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters);

    /// <summary>All rows, in the order of the statement. The caller limits them: nothing here does.</summary>
    public abstract ValueTask<List<T>> List<T>(
        string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters);
}
