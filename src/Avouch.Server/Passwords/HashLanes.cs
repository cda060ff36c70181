namespace Avouch.Server.Passwords;

/// <summary>
/// A fixed number of threads that hash, each with an arena of its own, behind a bounded fair queue (design, point 4). A flood of logins can
/// take no more processor than the lanes, and no more memory than lanes × cost. Threads of their own, since a pool full of hashes answers
/// nobody.
/// </summary>
internal sealed class HashLanes : IDisposable
{
    private const int SharesOfQueue = 4; // one key may hold a quarter of the places
    private const double Inertia = 0.9; // of the mean time of a turn, against the odd one that was interrupted
    private static readonly TimeSpan DefaultIdle = TimeSpan.FromSeconds(2); // taking 20 MiB again costs a few milliseconds

    private readonly object door = new(); // of the queue and all that follows here; waited on and pulsed
    private readonly FairQueue<HashTurn> queue;
    private TimeSpan meanTurn = TimeSpan.FromMilliseconds(20); // a guess until the first one is measured
    private long blocksFilled;
    private int busy;
    private TimeSpan timeHashing;
    private bool isClosed;

    private readonly TimeProvider time;
    private readonly TimeSpan idle;
    private readonly Thread[] threads;

    public HashLanes(int lanes, int queueCapacity, TimeProvider time, TimeSpan? idle = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(queueCapacity, 1);
        this.time = time;
        this.idle = idle ?? DefaultIdle;
        queue = new FairQueue<HashTurn>(queueCapacity, Math.Max(1, queueCapacity / SharesOfQueue));
        threads = [.. Enumerable.Range(1, lanes).Select(StartLane)];
    }

    public int Count => threads.Length;

    public int Queued
    {
        get { lock (door) return queue.Count; }
    }

    /// <summary>Lanes that work at this moment.</summary>
    public int Busy
    {
        get { lock (door) return busy; }
    }

    /// <summary>Time that all lanes together have worked.</summary>
    public TimeSpan TimeHashing
    {
        get { lock (door) return timeHashing; }
    }

    /// <summary>Argon2 blocks of 1 KiB since the start: what all this hashing has cost.</summary>
    public long BlocksFilled
    {
        get { lock (door) return blocksFilled; }
    }

    /// <summary>
    /// Runs the work on a lane when it is the key's turn. Null when there is no place, with the time after which there should be one. When the
    /// client goes away before, the task is cancelled and the work never runs.
    /// </summary>
    public Task<T>? TryRun<T>(string fairnessKey, Func<Argon2Arena, T> work, CancellationToken cancellation, out TimeSpan retryAfter)
    {
        HashTurn<T> turn = new(work);
        lock (door)
        {
            retryAfter = SuggestRetry();
            if (isClosed) return null;
            if (queue.Add(fairnessKey, turn) is not { } place) return null;

            turn.CancelWhenGone(() => Abandon(fairnessKey, place), cancellation);
            Monitor.Pulse(door);
        }
        return turn.Task;
    }

    /// <summary>Takes nothing new, finishes what waits, and returns when every lane has ended.</summary>
    public void Dispose()
    {
        lock (door)
        {
            isClosed = true;
            Monitor.PulseAll(door);
        }
        foreach (var thread in threads) thread.Join();
    }

    // Whole seconds and at least one: Retry-After has no smaller ones (RFC 9110 §10.2.3).
    private TimeSpan SuggestRetry() =>
        TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(queue.Count * meanTurn.TotalSeconds / threads.Length)));

    private bool Abandon(string fairnessKey, LinkedListNode<HashTurn> place)
    {
        lock (door) return queue.Delete(fairnessKey, place);
    }

    private Thread StartLane(int number)
    {
        Thread thread = new(RunLane) { IsBackground = true, Name = $"hash lane {number}" };
        thread.Start();
        return thread;
    }

    private void RunLane()
    {
        using Argon2Arena arena = new();
        while (WaitForTurn(arena) is { } turn)
        {
            turn.Begin();
            long started = time.GetTimestamp();
            long blocks = arena.BlocksFilled;
            turn.Run(arena);
            Record(time.GetElapsedTime(started), arena.BlocksFilled - blocks);
            turn.Answer();
        }
    }

    // Null when the lanes are closed and the queue is empty. The bound on the wait is no clock: it only gives memory back while nobody comes.
    private HashTurn? WaitForTurn(Argon2Arena arena)
    {
        lock (door)
        {
            while (true)
            {
                if (queue.TryTake(out var turn))
                {
                    busy++;
                    return turn;
                }
                if (isClosed) return null;
                if (!Monitor.Wait(door, idle)) arena.GiveBack();
            }
        }
    }

    private void Record(TimeSpan elapsed, long blocks)
    {
        lock (door)
        {
            meanTurn = Inertia * meanTurn + (1 - Inertia) * elapsed;
            blocksFilled += blocks;
            timeHashing += elapsed;
            busy--;
        }
    }
}
