namespace Avouch.Server.Data;

/// <summary>
/// The only door to stored data. Knows no noun: nouns bring their SQL. A delegate is short, touches only the database it is handed,
/// and never calls back into <see cref="Read{T}"/> or <see cref="Write{T}(Func{Transaction, ValueTask{T}})"/>.
/// </summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>
    /// Runs <paramref name="work"/> on one snapshot of what is committed. It never waits for a writer. Connections are few: a read
    /// inside of a read can wait for itself, and a read that waits for something else keeps others waiting.
    /// </summary>
    public abstract ValueTask<T> Read<T>(Func<Statements, ValueTask<T>> work);

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction: commits when it returns, rolls back when it throws. The answer comes after the
    /// commit is durable. A <see cref="TransactionLostException"/> means that nothing of it was written, through no fault of its own.
    /// </summary>
    public abstract ValueTask<T> Write<T>(Func<Transaction, ValueTask<T>> work);

    /// <summary>A write without a result.</summary>
    public async ValueTask Write(Func<Transaction, ValueTask> work) =>
        await Write(async transaction =>
        {
            await work(transaction).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

    /// <summary>Told of each transaction of writes after its end, on the writer's own thread: for figures, which must not wait or throw.</summary>
    public Action<WrittenBatch>? BatchWritten { get; set; }

    /// <summary>How busy the writer is. Asks nobody, so that it is told also of one that is stuck.</summary>
    public abstract WriterLoad FindLoad();

    /// <summary>Writes everything that is committed by now into a file of its own, while others read and write.</summary>
    /// <param name="path">An empty file that only its owner can read.</param>
    /// <param name="copied">Told of so many bytes more, now and then.</param>
    public abstract ValueTask Copy(string path, Action<long> copied, CancellationToken stop);

    /// <summary>How many bytes such a copy has, where nothing is written meanwhile.</summary>
    public abstract ValueTask<long> MeasureCopy();

    /// <summary>A migration's text with the placeholders for types replaced by this engine's words.</summary>
    public abstract string Translate(string migration);

    /// <summary>Whether there is a table of this name, in the words of the engine.</summary>
    public abstract ValueTask<bool> HasTable(Statements statements, string name);

    /// <summary>
    /// Whether it can be read and written at this moment. As long as writes go well nothing is written for this; after one that the disk refused,
    /// a harmless one is tried.
    /// </summary>
    /// <exception cref="DatabaseException">It cannot.</exception>
    public abstract ValueTask Check();

    /// <summary>Looks through everything that is stored; takes as long as reading it.</summary>
    /// <returns>What is damaged, in the words of the engine; nothing where all is well.</returns>
    public abstract ValueTask<IReadOnlyList<string>> FindDamage();

    public abstract ValueTask DisposeAsync();
}
