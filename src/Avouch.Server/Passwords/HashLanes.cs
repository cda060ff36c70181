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
    private static readonly TimeSpan DefaultIdle = TimeSpan.FromSeconds(10);

    private readonly object _door = new(); // of the queue and all that follows here; waited on and pulsed
    private readonly FairQueue<HashTurn> _queue;
    private TimeSpan _meanTurn = TimeSpan.FromMilliseconds(20); // a guess until the first one is measured
    private long _blocksFilled;
    private bool _isClosed;

    private readonly TimeProvider _time;
    private readonly TimeSpan _idle;
    private readonly Thread[] _threads;

    public HashLanes(int lanes, int queueCapacity, TimeProvider time, TimeSpan? idle = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(queueCapacity, 1);
        _time = time;
        _idle = idle ?? DefaultIdle;
        _queue = new FairQueue<HashTurn>(queueCapacity, Math.Max(1, queueCapacity / SharesOfQueue));
        _threads = [.. Enumerable.Range(1, lanes).Select(StartLane)];
    }

    public int Count => _threads.Length;

    public int Queued
    {
        get { lock (_door) return _queue.Count; }
    }

    /// <summary>Argon2 blocks of 1 KiB since the start: what all this hashing has cost.</summary>
    public long BlocksFilled
    {
        get { lock (_door) return _blocksFilled; }
    }

    /// <summary>
    /// Runs the work on a lane when it is the key's turn. Null when there is no place, with the time after which there should be one. When the
    /// client goes away before, the task is cancelled and the work never runs.
    /// </summary>
    public Task<T>? TryRun<T>(string fairnessKey, Func<Argon2Arena, T> work, CancellationToken cancellation, out TimeSpan retryAfter)
    {
        HashTurn<T> turn = new(work);
        lock (_door)
        {
            retryAfter = SuggestRetry();
            if (_isClosed) return null;
            if (_queue.Add(fairnessKey, turn) is not { } place) return null;

            turn.CancelWhenGone(() => Abandon(fairnessKey, place), cancellation);
            Monitor.Pulse(_door);
        }
        return turn.Task;
    }

    /// <summary>Takes nothing new, finishes what waits, and returns when every lane has ended.</summary>
    public void Dispose()
    {
        lock (_door)
        {
            _isClosed = true;
            Monitor.PulseAll(_door);
        }
        foreach (Thread thread in _threads) thread.Join();
    }

    // Whole seconds and at least one: Retry-After has no smaller ones (RFC 9110 §10.2.3).
    private TimeSpan SuggestRetry() =>
        TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(_queue.Count * _meanTurn.TotalSeconds / _threads.Length)));

    private bool Abandon(string fairnessKey, LinkedListNode<HashTurn> place)
    {
        lock (_door) return _queue.Delete(fairnessKey, place);
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
            long started = _time.GetTimestamp();
            long blocks = arena.BlocksFilled;
            turn.Run(arena);
            Record(_time.GetElapsedTime(started), arena.BlocksFilled - blocks);
            turn.Answer();
        }
    }

    // Null when the lanes are closed and the queue is empty. The bound on the wait is no clock: it only gives memory back while nobody comes.
    private HashTurn? WaitForTurn(Argon2Arena arena)
    {
        lock (_door)
        {
            while (true)
            {
                if (_queue.TryTake(out HashTurn turn)) return turn;
                if (_isClosed) return null;
                if (!Monitor.Wait(_door, _idle)) arena.GiveBack();
            }
        }
    }

    private void Record(TimeSpan elapsed, long blocks)
    {
        lock (_door)
        {
            _meanTurn = Inertia * _meanTurn + (1 - Inertia) * elapsed;
            _blocksFilled += blocks;
        }
    }
}
