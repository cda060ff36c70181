using SQLitePCL;

namespace Avouch.Server.Data.Sqlite;

/// <summary>
/// One SQLite connection with its prepared statements. It has no lock of its own (NOMUTEX): its owner sees to it that one thread
/// at a time uses it.
/// </summary>
internal sealed class Connection : Statements, IDisposable
{
    private const int BusyMilliseconds = 5_000;
    private const int MostStatements = 1_000; // only SQL that is put together at run time could ever come near

    /// <summary>"Avou": says whose database a file is (https://www.sqlite.org/pragma.html#pragma_application_id).</summary>
    public const int ApplicationId = 0x41766f75;

    private readonly sqlite3 handle;
    private readonly Dictionary<string, Statement> prepared = new(StringComparer.Ordinal);
    private bool isRunning;

    private Connection(string path, int flags)
    {
        _ = SqliteLibrary.Version;
        var code = raw.sqlite3_open_v2(path, out handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            var failure = SqliteErrors.Last(handle);
            handle.Dispose();
            throw failure;
        }
        _ = raw.sqlite3_busy_timeout(handle, BusyMilliseconds);
    }

    /// <summary>For what the binding offers and a statement cannot say.</summary>
    public sqlite3 Handle => handle;

    /// <summary>False outside of a transaction, and after an error that made SQLite end it.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(handle) == 0;

    /// <summary>An error after which only a rollback of the whole transaction is safe. The next transaction clears it.</summary>
    public bool IsBroken { get; private set; }

    public static Connection OpenWriter(string path) => Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, connection =>
    {
        if (connection.First("PRAGMA journal_mode = WAL", static row => row.Text(0)) != "wal")
            throw new NotSupportedException($"SQLite cannot keep a write-ahead log beside \"{path}\". Use a local disk.");
        connection.ExecuteScript("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
        connection.Claim(path);
    });

    /// <summary>For a file that is thrown away if the machine stops: nothing is synced.</summary>
    public static Connection OpenCopy(string path) => Open(path, raw.SQLITE_OPEN_READWRITE, static connection =>
        connection.ExecuteScript("PRAGMA synchronous = OFF; PRAGMA trusted_schema = OFF"));

    public static Connection OpenReader(string path) => Open(path, raw.SQLITE_OPEN_READONLY, static connection =>
        connection.ExecuteScript("PRAGMA trusted_schema = OFF"));

    /// <summary>
    /// What cannot be used is closed at once, and its log is left as it is: closed at some later moment it could take the log of another database that
    /// stands in its place by then.
    /// </summary>
    private static Connection Open(string path, int flags, Action<Connection> prepare)
    {
        var connection = new Connection(path, flags);
        try
        {
            prepare(connection);
            return connection;
        }
        catch
        {
            _ = raw.sqlite3_db_config(connection.handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            connection.Dispose();
            throw;
        }
    }

    public override ValueTask<int> Execute(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters) =>
        new(Run(sql, parameters));

    public override ValueTask<T?> Find<T>(
        string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters) where T : default =>
        new(First(sql, read, parameters));

    public override ValueTask<List<T>> List<T>(
        string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        using var running = Start(sql, parameters);
        List<T> rows = [];
        while (running.Step())
            rows.Add(read(running.Row));
        return new(rows);
    }

    public int Run(string sql, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        using var running = Start(sql, parameters);
        while (running.Step())
            ; // rows that nobody asked for
        return raw.sqlite3_changes(handle);
    }

    public T? First<T>(string sql, Func<Row, T> read, params ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        using var running = Start(sql, parameters);
        return running.Step() ? read(running.Row) : default;
    }

    public void ExecuteScript(string script)
    {
        if (raw.sqlite3_exec(handle, script) != raw.SQLITE_OK)
            throw Failure();
    }

    public void Begin(string sql)
    {
        IsBroken = false;
        Rollback(); // what a failed rollback left behind
        Run(sql);
    }

    /// <summary>Ends the transaction if SQLite has not already done so.</summary>
    public void Rollback()
    {
        if (IsInTransaction)
            Run("ROLLBACK");
    }

    public void Dispose()
    {
        Forget();
        handle.Dispose();
    }

    private void Claim(string path)
    {
        var owner = First("PRAGMA application_id", static row => row.Long(0));
        if (owner == ApplicationId) return;
        if (owner != 0)
            throw new NotSupportedException($"\"{path}\" is the database of another program. Choose another folder with --data.");
        ExecuteScript($"PRAGMA application_id = {ApplicationId}");
    }

    private Running Start(string sql, ReadOnlySpan<(string Name, SqlValue Value)> parameters)
    {
        if (isRunning)
            throw new InvalidOperationException("Another statement still stands on a row: a function that reads a row runs no statement.");

        var statement = Prepare(sql);
        statement.Bind(parameters);
        isRunning = true;
        return new Running(this, statement);
    }

    private Statement Prepare(string sql)
    {
        if (prepared.TryGetValue(sql, out var known))
            return known;
        if (prepared.Count == MostStatements)
            Forget();

        var statement = new Statement(handle, sql);
        prepared.Add(sql, statement);
        return statement;
    }

    private void Forget()
    {
        foreach (var statement in prepared.Values)
            statement.Dispose();
        prepared.Clear();
    }

    private DatabaseException Failure()
    {
        IsBroken |= SqliteErrors.EndsTransaction(handle);
        return SqliteErrors.Last(handle);
    }

    /// <summary>A statement between its first step and its reset.</summary>
    private readonly ref struct Running(Connection connection, Statement statement)
    {
        public Row Row => statement.Row;

        public bool Step() => statement.Step() switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw connection.Failure(),
        };

        public void Dispose()
        {
            statement.Reset();
            connection.isRunning = false;
        }
    }
}
