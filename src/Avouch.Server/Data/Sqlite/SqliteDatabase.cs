namespace Avouch.Server.Data.Sqlite;

/// <summary>SQLite in WAL mode: readers see snapshots and never wait, one writer groups all writes.</summary>
internal sealed class SqliteDatabase : Database
{
    private readonly Connection writing;
    private readonly Writer writer;
    private readonly Readers readers;

    private SqliteDatabase(string path, int readers, int batchLimit, TimeProvider time)
    {
        writing = Connection.OpenWriter(path); // first: it makes the files that readers only open
        writer = new Writer(writing, batchLimit, time, batch => BatchWritten?.Invoke(batch));
        this.readers = new Readers(path, readers);
    }

    public WriterStatistics Statistics => writer.Statistics;

    /// <param name="path">The database file, made with <see cref="DataFolder.DatabasePath"/>, whose lock the caller holds.</param>
    /// <param name="readers">Most connections that read at once.</param>
    /// <param name="batchLimit">Most writes in one transaction: a bound for the time a write can wait behind others.</param>
    public static SqliteDatabase Open(string path, int readers = 16, int batchLimit = 512, TimeProvider? time = null) => new(path, readers, batchLimit, time ?? TimeProvider.System);

    public override ValueTask<T> Read<T>(Func<Statements, ValueTask<T>> work)
    {
        writer.RefuseInsideDelegate();
        return readers.Read(work);
    }

    public override ValueTask<T> Write<T>(Func<Transaction, ValueTask<T>> work) => writer.Write(work);

    public override WriterLoad FindLoad() => writer.Load;

    public override async ValueTask Check()
    {
        await Read(static statements => statements.Find("SELECT 1", static row => row.Int(0))).ConfigureAwait(false);
        if (writer.IsRefusedByDisk) await TryDisk().ConfigureAwait(false);
    }

    public override ValueTask<long> MeasureCopy() => Read(static async statements =>
        await statements.Find<long?>("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", static row => row.Long(0)).ConfigureAwait(false) ?? 0);

    public override ValueTask Copy(string path, Action<long> copied, CancellationToken stop)
    {
        writer.RefuseInsideDelegate();
        return Copy();

        async ValueTask Copy() => await readers.Read(async statements =>
        {
            var source = (Connection)statements;
            source.First("SELECT 1 FROM sqlite_master", static row => row.Long(0));   // from here on this connection sees one moment
            await OnlineCopy.Run(source, path, copied, stop).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public override string Translate(string migration) => SqliteWords.Translate(migration);

    public override async ValueTask<bool> HasTable(Statements statements, string name) =>
        await statements.Find("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = @name", static row => row.Int(0), ("name", name)).ConfigureAwait(false) == 1;

    public override ValueTask<IReadOnlyList<string>> FindDamage() => Read<IReadOnlyList<string>>(static async statements =>
    {
        var pages = await statements.List("PRAGMA quick_check(10)", static row => row.Text(0)).ConfigureAwait(false);
        var orphans = await statements.List("PRAGMA foreign_key_check", static row => $"a row of {row.Text(0)} points to a missing row of {row.Text(2)}").ConfigureAwait(false);
        return [.. pages.Where(static page => page != "ok"), .. orphans.Distinct().Take(10)];
    });

    /// <summary>
    /// More than a page or two, which may fit where a usual write does not. It is committed before it is taken away: what a transaction frees again is
    /// never written.
    /// </summary>
    private async ValueTask TryDisk()
    {
        await Write(static transaction => transaction.ExecuteScript(
            "CREATE TABLE IF NOT EXISTS disk_trial (bytes BLOB); INSERT INTO disk_trial VALUES (zeroblob(131072))")).ConfigureAwait(false);
        await Write(static transaction => transaction.ExecuteScript("DROP TABLE disk_trial")).ConfigureAwait(false);
    }

    /// <summary>
    /// Queued writes are finished while their after-commit actions can still read. The writing connection closes last: the last one
    /// to close folds the WAL into the database file, and a reader cannot.
    /// </summary>
    public override async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync().ConfigureAwait(false);
        await readers.DisposeAsync().ConfigureAwait(false);
        writing.Dispose();
    }
}
