using Avouch.Server.Data;

namespace Avouch.Server.Tests.Data;

/// <summary>When the transaction itself is gone, nobody in it may be told that a write is stored.</summary>
public sealed class LostTransactionTests
{
    [Fact]
    public async Task A_full_disk_acknowledges_nobody_and_the_next_write_works()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a", "b");
        await temporary.Database.Write(tx => tx.ExecuteScript("CREATE TABLE filler (bytes blob)"));

        var (first, failing, last) = await Around(temporary, async tx =>
        {
            await tx.ExecuteScript("PRAGMA max_page_count = 20");
            return await tx.Execute("INSERT INTO filler VALUES (zeroblob(1000000))");
        });

        Assert.Equal(DatabaseFault.Storage, Assert.IsAssignableFrom<DatabaseException>(failing).Fault);
        Assert.IsType<TransactionLostException>(first);
        Assert.IsType<TransactionLostException>(last);
        await AssertNothingWrittenAndAlive(temporary);
    }

    [Fact]
    public async Task A_full_disk_that_the_delegate_keeps_to_itself_still_acknowledges_nobody()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a", "b");
        await temporary.Database.Write(tx => tx.ExecuteScript("CREATE TABLE filler (bytes blob)"));
        Exception? later = null;

        var failures = await Around(temporary, async tx =>
        {
            await tx.ExecuteScript("PRAGMA max_page_count = 20");
            await Record.ExceptionAsync(async () => await tx.Execute("INSERT INTO filler VALUES (zeroblob(1000000))"));
            later = await Record.ExceptionAsync(async () => await TemporaryDatabase.IncrementIn(tx, "b"));
            return 0;
        });

        Assert.IsType<TransactionLostException>(later);
        Assert.All([failures.First, failures.Failing, failures.Last], static failure => Assert.IsType<TransactionLostException>(failure));
        await AssertNothingWrittenAndAlive(temporary);
    }

    [Theory]
    [InlineData("ROLLBACK")]
    [InlineData("INSERT OR ROLLBACK INTO counters VALUES ('a', 7)")]
    public async Task A_statement_that_ends_the_transaction_acknowledges_nobody(string sql)
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a", "b");

        var failures = await Around(temporary, tx => tx.Execute(sql));

        Assert.All([failures.First, failures.Last], static failure => Assert.IsType<TransactionLostException>(failure));
        Assert.IsAssignableFrom<DatabaseException>(failures.Failing);
        await AssertNothingWrittenAndAlive(temporary);
    }

    [Fact]
    public async Task A_commit_that_fails_acknowledges_nobody()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a", "b");
        await temporary.Database.Write(tx => tx.ExecuteScript(
            "CREATE TABLE children (parent text REFERENCES counters (name) DEFERRABLE INITIALLY DEFERRED)"));

        var failures = await Around(temporary, static tx => tx.Execute("INSERT INTO children VALUES ('nobody')"));

        Assert.All([failures.First, failures.Failing, failures.Last], static failure =>
            Assert.Equal(DatabaseFault.ForeignKey, Assert.IsType<TransactionLostException>(failure).Fault));
        Assert.Equal(1, temporary.Database.Statistics.BatchesLost);
        await AssertNothingWrittenAndAlive(temporary);
    }

    [Fact]
    public async Task A_lone_write_that_ends_its_transaction_is_not_acknowledged()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a", "b");

        await Assert.ThrowsAsync<TransactionLostException>(async () => await temporary.Database.Write(async tx =>
        {
            await TemporaryDatabase.IncrementIn(tx, "a");
            return await tx.Execute("ROLLBACK");
        }));

        await AssertNothingWrittenAndAlive(temporary);
    }

    /// <summary>Runs one write between two good ones, all in one batch, and returns how each of them failed.</summary>
    private static async Task<(Exception? First, Exception? Failing, Exception? Last)> Around(
        TemporaryDatabase temporary, Func<Transaction, ValueTask<int>> work)
    {
        var gate = temporary.HoldWriter();
        var first = temporary.Database.Write(async tx =>
        {
            tx.AfterCommit(static () => Assert.Fail("There was no commit."));
            return await TemporaryDatabase.IncrementIn(tx, "a");
        }).AsTask();
        var failing = temporary.Database.Write(work).AsTask();
        var last = temporary.Increment("b").AsTask();
        await gate.Open();
        return (await Record.ExceptionAsync(() => first), await Record.ExceptionAsync(() => failing), await Record.ExceptionAsync(() => last));
    }

    private static async Task AssertNothingWrittenAndAlive(TemporaryDatabase temporary)
    {
        Assert.Equal((0, 0), (await temporary.Value("a"), await temporary.Value("b")));
        Assert.Equal(1, await temporary.Increment("a"));
        Assert.Equal(1, await temporary.Value("a"));
    }
}
