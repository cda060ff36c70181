using Avouch.Server.Data;

namespace Avouch.Server.Tests.Data;

public sealed class ReadTests
{
    [Fact]
    public async Task A_reader_sees_only_what_is_committed_and_does_not_wait_for_the_writer()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        using ManualResetEventSlim written = new(), goOn = new();

        var write = temporary.Database.Write(async tx =>
        {
            var changed = await TemporaryDatabase.IncrementIn(tx, "a");
            written.Set();
            goOn.Wait();
            return changed;
        }).AsTask();
        written.Wait();
        Assert.Equal(0, await temporary.Value("a").AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        goOn.Set();
        await write;

        Assert.Equal(1, await temporary.Value("a"));
    }

    [Fact]
    public async Task All_statements_of_a_read_see_one_snapshot()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");

        var values = await temporary.Database.Read(async db =>
        {
            var first = await db.Find("SELECT value FROM counters", static row => row.Long(0));
            await temporary.Increment("a");
            return (first, second: await db.Find("SELECT value FROM counters", static row => row.Long(0)));
        });

        Assert.Equal((0, 0), values);
        Assert.Equal(1, await temporary.Value("a"));
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");

        await Assert.ThrowsAsync<DatabaseException>(async () => await temporary.Database.Read(db => TemporaryDatabase.IncrementIn(db, "a")));

        Assert.Equal(0, await temporary.Value("a"));
    }

    [Fact]
    public async Task More_readers_than_connections_take_turns()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        using SemaphoreSlim goOn = new(0);

        var reads = Enumerable.Range(0, 100).Select(_ => temporary.Database.Read(async db =>
        {
            await goOn.WaitAsync();
            return await db.Find("SELECT 7", static row => row.Int(0));
        }).AsTask()).ToArray();
        goOn.Release(100);

        Assert.All(await Task.WhenAll(reads), static value => Assert.Equal(7, value));
    }

    [Fact]
    public async Task A_function_that_reads_a_row_may_not_run_a_statement()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await temporary.Database.Read(db =>
            db.Find("SELECT name FROM counters", row => db.Execute("SELECT 1"))));

        Assert.Equal(0, await temporary.Value("a"));
    }
}
