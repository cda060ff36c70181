using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>
/// The <see cref="ECDsa"/> objects of one key. The platform does not promise that one of them may be used by two threads, and making one
/// costs about as much as a signature, so each is lent to one thread at a time; there are never more than threads that signed at once.
/// </summary>
internal sealed class EcdsaPool(Func<ECDsa> create)
{
    private readonly ConcurrentQueue<ECDsa> idle = new();
    private volatile bool ended;

    public ECDsa Borrow()
    {
        ObjectDisposedException.ThrowIf(ended, this);
        return idle.TryDequeue(out var ecdsa) ? ecdsa : create();
    }

    /// <summary>Whoever borrowed calls this in a <c>finally</c>; one lent out while the pool ended is closed here.</summary>
    public void Return(ECDsa ecdsa)
    {
        idle.Enqueue(ecdsa);
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
        while (idle.TryDequeue(out var ecdsa)) ecdsa.Dispose();
    }
}
