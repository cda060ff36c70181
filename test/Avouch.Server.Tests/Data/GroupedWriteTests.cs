using Avouch.Server.Data;

namespace Avouch.Server.Tests.Data;

public sealed class GroupedWriteTests
{
    [Fact]
    public async Task Writes_that_wait_together_share_one_commit_and_are_all_there_after_a_restart()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        var before = temporary.Database.Statistics;

        var gate = temporary.HoldWriter();
        var writes = Enumerable.Range(0, 100).Select(_ => temporary.Increment("a").AsTask()).ToArray();
        await gate.Open();
        Assert.All(await Task.WhenAll(writes), static changed => Assert.Equal(1, changed));

        var after = temporary.Database.Statistics;
        Assert.Equal(101, after.WritesCommitted - before.WritesCommitted);
        Assert.Equal(2, after.BatchesCommitted - before.BatchesCommitted); // the gate's, and one for the hundred
        await temporary.Reopen();
        Assert.Equal(100, await temporary.Value("a"));
    }

    [Fact]
    public async Task Many_callers_at_once_lose_no_write()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");

        await Parallel.ForAsync(0, 5_000, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, _) => await temporary.Increment("a"));

        Assert.Equal(5_000, await temporary.Value("a"));
        Assert.True(temporary.Database.Statistics.BatchesCommitted < temporary.Database.Statistics.WritesCommitted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_that_throws_harms_only_itself(bool inTheDatabase)
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a", "b", "c");

        var gate = temporary.HoldWriter();
        var first = temporary.Increment("a").AsTask();
        var failing = temporary.Database.Write(async tx =>
        {
            await TemporaryDatabase.IncrementIn(tx, "b");
            if (inTheDatabase)
                await tx.Execute("INSERT INTO counters VALUES ('a', 7)");
            throw new ArithmeticException("mine");
        }).AsTask();
        var last = temporary.Increment("c").AsTask();
        await gate.Open();

        var failure = await Record.ExceptionAsync(() => failing);
        if (inTheDatabase)
            Assert.Equal(DatabaseFault.Unique, Assert.IsType<DatabaseException>(failure).Fault);
        else
            Assert.Equal("mine", Assert.IsType<ArithmeticException>(failure).Message);
        Assert.Equal((1, 1), (await first, await last));
        Assert.Equal((1, 0, 1), (await temporary.Value("a"), await temporary.Value("b"), await temporary.Value("c")));
    }

    [Fact]
    public async Task A_lone_write_that_throws_leaves_nothing_behind()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");

        await Assert.ThrowsAsync<ArithmeticException>(async () => await temporary.Database.Write(async tx =>
        {
            await TemporaryDatabase.IncrementIn(tx, "a");
            throw new ArithmeticException();
        }));

        Assert.Equal(0, await temporary.Value("a"));
        Assert.Equal(1, await temporary.Increment("a"));
    }

    [Fact]
    public async Task Closing_finishes_the_writes_that_wait_and_refuses_new_ones()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        var closed = temporary.Database;

        var gate = temporary.HoldWriter();
        var writes = Enumerable.Range(0, 10).Select(_ => temporary.Increment("a").AsTask()).ToArray();
        var reopening = temporary.Reopen();
        await gate.Open();
        await reopening;
        await Task.WhenAll(writes);

        Assert.Equal(10, await temporary.Value("a"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await closed.Write(tx => TemporaryDatabase.IncrementIn(tx, "a")));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await closed.Read(db => db.Execute("SELECT 1")));
    }
}
