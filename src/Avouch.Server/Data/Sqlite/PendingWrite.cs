namespace Avouch.Server.Data.Sqlite;

/// <summary>One caller's write on its way through the writer: run, kept or lost, answered.</summary>
internal abstract class PendingWrite
{
    /// <summary>Why this write is not stored; null while nothing speaks against it.</summary>
    public Exception? Failure { get; protected set; }

    /// <summary>Runs the delegate. What it throws stays in <see cref="Failure"/>.</summary>
    public abstract void Run(Connection connection);

    /// <summary>The transaction is gone. Whoever failed by itself before that keeps its own reason.</summary>
    public void Lose(Exception cause) => Failure ??= cause as TransactionLostException ?? new TransactionLostException(cause);

    /// <summary>The batch is through: if this write is durable, runs what waited for that.</summary>
    public abstract void Committed();

    /// <summary>Tells the caller.</summary>
    public abstract void Answer();
}

internal sealed class PendingWrite<T>(Func<Transaction, ValueTask<T>> work) : PendingWrite
{
    // Asynchronous continuations: a caller's code never runs on the writer's thread.
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteTransaction? transaction;
    private T? result;

    public Task<T> Task => answer.Task;

    public override void Run(Connection connection)
    {
        transaction = new SqliteTransaction(connection);
        try
        {
            var running = work(transaction);
            result = running.IsCompleted ? running.GetAwaiter().GetResult() : throw new InvalidOperationException(
                "A write waited for something else than its transaction. All other writes would wait with it: "
                + "do that before the write, or after it.");
        }
        catch (Exception exception)
        {
            Failure = exception;
        }
        transaction.End();
    }

    public override void Committed()
    {
        if (Failure is not null)
            return;
        try
        {
            transaction!.Committed();
        }
        catch (Exception exception)
        {
            Failure = exception;
        }
    }

    public override void Answer()
    {
        if (Failure is null)
            answer.SetResult(result!);
        else
            answer.SetException(Failure);
    }
}
