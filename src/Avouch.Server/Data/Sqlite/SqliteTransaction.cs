namespace Avouch.Server.Data.Sqlite;

/// <summary>
/// What one write may say on the writer's connection. It refuses to speak once its delegate is over, on any thread but the writer's,
/// and once SQLite has ended the transaction: otherwise the statement would commit by itself, outside of everything.
/// </summary>
internal sealed class SqliteTransaction(Connection connection) : Transaction
{
    private readonly int thread = Environment.CurrentManagedThreadId;
    private bool isOver;

    private Connection Live =>
        isOver || thread != Environment.CurrentManagedThreadId
            ? throw new InvalidOperationException("This transaction is over: its delegate may not keep it, nor take it to another thread.")
        : connection.IsBroken || !connection.IsInTransaction ? throw new TransactionLostException(null)
        : connection;

    public override ValueTask<int> Execute(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters) =>
        Live.Execute(sql, parameters);

    public override ValueTask<T?> Find<T>(
        string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters) where T : default =>
        Live.Find(sql, read, parameters);

    public override ValueTask<List<T>> List<T>(
        string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters) =>
        Live.List(sql, read, parameters);

    public override ValueTask ExecuteScript(string script)
    {
        Live.ExecuteScript(script);
        return default;
    }

    public void End() => isOver = true;
}
