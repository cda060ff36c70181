using System.Collections.Concurrent;

namespace Avouch.Server.Data.Sqlite;

/// <summary>
/// A bounded pool of connections that can only read. Each is opened when first needed; the one used last is used next, because its
/// page cache is warm.
/// </summary>
internal sealed class Readers(string path, int size) : IAsyncDisposable
{
    private readonly SemaphoreSlim free = new(size);
    private readonly ConcurrentStack<Connection> idle = new();
    private volatile bool isClosed;

    public async ValueTask<T> Read<T>(Func<Statements, ValueTask<T>> work)
    {
        await free.WaitAsync().ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(isClosed, typeof(Database));
            if (!idle.TryPop(out var connection))
                connection = Connection.OpenReader(path);
            try
            {
                connection.Begin("BEGIN"); // one snapshot for all statements of the delegate
                return await work(connection).ConfigureAwait(false);
            }
            finally
            {
                connection.Rollback();
                idle.Push(connection);
            }
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Waits for the reads that are under way, then closes every connection. Whoever queues behind that is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        isClosed = true;
        for (var i = 0; i < size; i++)
            await free.WaitAsync().ConfigureAwait(false);
        while (idle.TryPop(out var connection))
            connection.Dispose();
        free.Release(size);
    }
}
