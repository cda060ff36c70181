namespace Avouch.Server.Tests.Data;

/// <summary>What a delegate may and may not do, and what comes after its commit.</summary>
public sealed class WriteRuleTests
{
    [Fact]
    public async Task Actions_run_after_the_commit_in_its_order_and_before_the_answer()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        List<int> order = [];

        var gate = temporary.HoldWriter();
        var writes = Enumerable.Range(0, 20).Select(i => temporary.Database.Write(async tx =>
        {
            tx.AfterCommit(() => order.Add(i));
            return await TemporaryDatabase.IncrementIn(tx, "a");
        }).AsTask()).ToArray();
        Assert.Empty(order);
        await gate.Open();
        await Task.WhenAny(writes);

        Assert.Equal(Enumerable.Range(0, 20), order); // all of the batch, although only one answer was awaited
    }

    [Fact]
    public async Task Actions_see_the_committed_value()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        var seen = 0L;

        await temporary.Database.Write(async tx =>
        {
            tx.AfterCommit(() => seen = temporary.Value("a").AsTask().Result);
            return await TemporaryDatabase.IncrementIn(tx, "a");
        });

        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task Actions_do_not_run_after_a_rollback()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        var ran = false;

        var gate = temporary.HoldWriter();
        var failing = temporary.Database.Write<int>(tx =>
        {
            tx.AfterCommit(() => ran = true);
            throw new ArithmeticException();
        }).AsTask();
        var good = temporary.Increment("a").AsTask();
        await gate.Open();

        await Assert.ThrowsAsync<ArithmeticException>(() => failing);
        await good;
        Assert.False(ran);
    }

    [Fact]
    public async Task An_action_that_throws_fails_its_own_caller_only()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");

        var gate = temporary.HoldWriter();
        var failing = temporary.Database.Write(async tx =>
        {
            tx.AfterCommit(static () => throw new ArithmeticException());
            return await TemporaryDatabase.IncrementIn(tx, "a");
        }).AsTask();
        var good = temporary.Increment("a").AsTask();
        await gate.Open();

        await Assert.ThrowsAsync<ArithmeticException>(() => failing);
        Assert.Equal(1, await good);
        Assert.Equal(2, await temporary.Value("a"));
    }

    [Fact]
    public async Task A_delegate_that_waits_for_something_else_is_refused_and_rolled_back()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        TaskCompletionSource elsewhere = new(), late = new();
        Exception? continued = null;

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () => await temporary.Database.Write(async tx =>
        {
            await TemporaryDatabase.IncrementIn(tx, "a");
            await elsewhere.Task;
            continued = await Record.ExceptionAsync(async () => await TemporaryDatabase.IncrementIn(tx, "a"));
            late.SetResult();
        }));
        elsewhere.SetResult();
        await late.Task;

        Assert.Contains("waited for something else", refusal.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(continued); // and what it does afterwards touches nobody else's transaction
        Assert.Equal(0, await temporary.Value("a"));
        Assert.Equal(1, await temporary.Increment("a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_database_called_from_within_a_write_refuses_instead_of_waiting_for_itself(bool write)
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () => await temporary.Database.Write(async tx =>
        {
            await TemporaryDatabase.IncrementIn(tx, "a");
            return write ? await temporary.Increment("a") : await temporary.Value("a");
        }).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Contains("from within a write", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await temporary.Value("a"));
        Assert.Equal(1, await temporary.Increment("a"));
    }

    [Fact]
    public async Task Answers_do_not_run_on_the_writer()
    {
        await using var temporary = await TemporaryDatabase.WithCounters("a");
        string? writer = null;

        await temporary.Database.Write(_ =>
        {
            writer = Thread.CurrentThread.Name;
            return ValueTask.FromResult(true);
        });

        Assert.Equal("database writer", writer);
        Assert.NotEqual(writer, Thread.CurrentThread.Name);
    }
}
