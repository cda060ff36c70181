using System.Collections.Concurrent;

namespace Avouch.Protocol;

/// <summary>
/// The platform's objects for one key. It does not promise that one of them may be used by two threads, and making one costs up to a
/// signature, so each is lent to one thread at a time; there are never more than threads that signed at once.
/// </summary>
internal sealed class HandlePool<T>(Func<T> create) where T : class, IDisposable
{
    private readonly ConcurrentQueue<T> idle = new();
    private volatile bool ended;

    public T Borrow()
    {
        ObjectDisposedException.ThrowIf(ended, this);
        return idle.TryDequeue(out var handle) ? handle : create();
    }

    /// <summary>Whoever borrowed calls this in a <c>finally</c>; one lent out while the pool ended is closed here.</summary>
    public void Return(T handle)
    {
        idle.Enqueue(handle);
        if (ended) Drain();
    }

    /// <summary>Closes what is idle; nothing can be borrowed from here on.</summary>
    public void End()
    {
        ended = true;
        Drain();
    }

    private void Drain()
    {
        while (idle.TryDequeue(out var handle)) handle.Dispose();
    }
}
