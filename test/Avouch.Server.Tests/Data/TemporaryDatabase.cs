using Avouch.Server.Data;
using Avouch.Server.Data.Sqlite;

namespace Avouch.Server.Tests.Data;

/// <summary>A real database in a folder of its own, gone after the test.</summary>
internal sealed class TemporaryDatabase : IAsyncDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("avouch-test-");
    private readonly DataFolder folder;

    private TemporaryDatabase()
    {
        folder = DataFolder.Open(Path.Combine(parent.FullName, "data"));
        Database = SqliteDatabase.Open(folder.DatabasePath);
    }

    public SqliteDatabase Database { get; private set; }

    /// <summary>With a table of named counters, each at zero until it is changed.</summary>
    public static async Task<TemporaryDatabase> WithCounters(params string[] names)
    {
        var temporary = new TemporaryDatabase();
        await temporary.Database.Write(tx => tx.ExecuteScript("CREATE TABLE counters (name text NOT NULL PRIMARY KEY, value integer NOT NULL)"));
        foreach (var name in names)
            await temporary.Database.Write(tx => tx.Execute("INSERT INTO counters VALUES (@name, 0)", ("name", name)));
        return temporary;
    }

    public static TemporaryDatabase Empty() => new();

    public ValueTask<long> Value(string name) =>
        Database.Read(db => db.Find("SELECT value FROM counters WHERE name = @name", static row => row.Long(0), ("name", name)));

    public ValueTask<int> Increment(string name) => Database.Write(tx => IncrementIn(tx, name));

    public static ValueTask<int> IncrementIn(Statements tx, string name) =>
        tx.Execute("UPDATE counters SET value = value + 1 WHERE name = @name", ("name", name));

    /// <summary>What a restart does: everything that is only in memory is gone.</summary>
    public async Task Reopen()
    {
        await Database.DisposeAsync();
        Database = SqliteDatabase.Open(folder.DatabasePath);
    }

    /// <summary>Holds the writer inside of a write until the gate is opened, so that the writes behind it gather into one batch.</summary>
    public Gate HoldWriter() => new(Database);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        folder.Dispose();
        parent.Delete(recursive: true);
    }

    internal sealed class Gate
    {
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task held;

        public Gate(Database database)
        {
            using ManualResetEventSlim entered = new();
            held = database.Write(_ =>
            {
                entered.Set();
                opened.Task.Wait();
                return ValueTask.FromResult(true);
            }).AsTask();
            entered.Wait();
        }

        public Task Open()
        {
            opened.SetResult();
            return held;
        }
    }
}
