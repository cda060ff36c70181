namespace Avouch.Server.Data.Sqlite;

/// <summary>What the writer has done since it was opened.</summary>
internal readonly record struct WriterStatistics(long BatchesCommitted, long WritesCommitted, long BatchesLost);

/// <summary>
/// The one writer: a thread that takes all waiting writes into one transaction, commits once, and then answers them all, so that
/// every answer is durable at the price of one fsync for each batch. While one batch is being synced, the next one gathers.
/// <code>
/// Write ─► waiting ─► BEGIN IMMEDIATE ─► (SAVEPOINT ─► delegate ─► RELEASE)* ─► COMMIT ─► actions ─► answers
/// </code>
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly Connection connection;
    private readonly int batchLimit;
    private readonly TimeProvider time;
    private readonly Action<WrittenBatch> written;
    private readonly Thread thread;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly object gate = new(); // a Monitor, because the thread sleeps on it
    private readonly Queue<PendingWrite> waiting = new();
    private bool isClosed;

    private bool isInDelegate;
    private long batchesCommitted, writesCommitted, batchesLost;
    private volatile bool isRefusedByDisk;
    private long? busySince; // under the gate

    /// <param name="written">Told of each batch after its callers.</param>
    public Writer(Connection connection, int batchLimit, TimeProvider time, Action<WrittenBatch> written)
    {
        (this.connection, this.batchLimit, this.time, this.written) = (connection, batchLimit, time, written);
        thread = new Thread(Run) { Name = "database writer", IsBackground = true };
        thread.Start();
    }

    public WriterStatistics Statistics =>
        new(Volatile.Read(ref batchesCommitted), Volatile.Read(ref writesCommitted), Volatile.Read(ref batchesLost));

    public WriterLoad Load
    {
        get { lock (gate) return new(waiting.Count, busySince is { } since ? time.GetElapsedTime(since) : null); }
    }

    /// <summary>Whether the last commit failed for want of space or of a working disk.</summary>
    public bool IsRefusedByDisk => isRefusedByDisk;

    public ValueTask<T> Write<T>(Func<Transaction, ValueTask<T>> work)
    {
        RefuseInsideDelegate();
        var write = new PendingWrite<T>(work);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isClosed, typeof(Database));
            waiting.Enqueue(write);
            if (waiting.Count == 1)
                Monitor.Pulse(gate);
        }
        return new(write.Task);
    }

    /// <summary>A delegate that waited here for a write would wait for itself; one that read would miss what it has just written.</summary>
    public void RefuseInsideDelegate()
    {
        if (Thread.CurrentThread == thread && isInDelegate)
            throw new InvalidOperationException(
                "The database was called from within a write: use the transaction that the write was given.");
    }

    /// <summary>Refuses new writes and finishes those that wait. The connection stays its owner's to close.</summary>
    public ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.Pulse(gate);
        }
        return new(stopped.Task);
    }

    private void Run()
    {
        List<PendingWrite> batch = new(batchLimit);
        while (Take(batch))
        {
            var (began, lostBefore) = (time.GetTimestamp(), batchesLost);
            Commit(batch);
            var elapsed = time.GetElapsedTime(began);
            batch.ForEach(static write => write.Committed());
            batch.ForEach(static write => write.Answer());
            written(new WrittenBatch(batch.Count(static write => write.Failure is null), elapsed, batchesLost > lostBefore));
            batch.Clear();
        }
        stopped.SetResult();
    }

    /// <summary>Waits for writes and takes those that are there. False when the writer is closed and nothing is left.</summary>
    private bool Take(List<PendingWrite> batch)
    {
        lock (gate)
        {
            busySince = null;
            while (waiting.Count == 0 && !isClosed)
                Monitor.Wait(gate);
            while (batch.Count < batchLimit && waiting.TryDequeue(out var write))
                batch.Add(write);
            busySince = time.GetTimestamp();
        }
        return batch.Count > 0;
    }

    private void Commit(List<PendingWrite> batch)
    {
        try
        {
            connection.Begin("BEGIN IMMEDIATE");
            foreach (var write in batch)
                Run(write, isAlone: batch.Count == 1);

            var kept = batch.Count(static write => write.Failure is null);
            connection.Run(kept > 0 ? "COMMIT" : "ROLLBACK");
            Count(kept);
        }
        catch (Exception cause)
        {
            isRefusedByDisk = cause is DatabaseException { Fault: DatabaseFault.Storage };
            Abandon();
            batch.ForEach(write => write.Lose(cause));
        }
    }

    private void Run(PendingWrite write, bool isAlone)
    {
        if (!isAlone)
            connection.Run("SAVEPOINT write");

        isInDelegate = true;
        write.Run(connection);
        isInDelegate = false;

        // Even if the delegate swallowed the error that did this: a savepoint cannot bring the transaction back.
        if (connection.IsBroken || !connection.IsInTransaction)
            throw new TransactionLostException(write.Failure);
        if (isAlone)
            return;
        if (write.Failure is not null)
            connection.Run("ROLLBACK TO write");
        connection.Run("RELEASE write");
    }

    private void Count(int kept)
    {
        if (kept == 0)
            return;
        isRefusedByDisk = false;
        Volatile.Write(ref batchesCommitted, batchesCommitted + 1);
        Volatile.Write(ref writesCommitted, writesCommitted + kept);
    }

    private void Abandon()
    {
        Volatile.Write(ref batchesLost, batchesLost + 1);
        try
        {
            connection.Rollback();
        }
        catch (DatabaseException)
        {
            // A disk that cannot even roll back. The next batch tries again before it begins, and fails if that fails.
        }
    }
}
