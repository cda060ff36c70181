using System.Security.Cryptography;

namespace Avouch.Server.Passwords;

/// <summary>A hash in its string form, or the time to wait when every place in the queue is taken.</summary>
internal readonly record struct HashResult(string? Hash, TimeSpan RetryAfter)
{
    public bool IsBusy => Hash is null;
}

internal enum VerifyOutcome
{
    Wrong,
    Right,
    Busy,
}

/// <summary><see cref="Rehashed"/> is the hash to store instead, when the password was right and the settings have risen.</summary>
internal readonly record struct VerifyResult(VerifyOutcome Outcome, TimeSpan RetryAfter, string? Rehashed);

/// <summary>
/// Hashes and verifies passwords on the lanes. The fairness key is whoever should not stand in other people's way: the client's address, for
/// IPv6 its /64. A refusal is a result; only a client that goes away while it waits ends in an <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class PasswordHasher : IDisposable
{
    private readonly Argon2Parameters current;
    private readonly Argon2Pace pace;
    private readonly long[] workDone = new long[Enum.GetValues<WorkKind>().Length];
    private readonly HashLanes lanes;

    public PasswordHasher(PasswordHashSettings settings, TimeProvider time)
        : this(settings, new HashLanes(settings.Lanes, settings.QueueCapacity, time))
    {
    }

    /// <summary>With lanes that a test can hold still. The hasher ends them.</summary>
    public PasswordHasher(PasswordHashSettings settings, HashLanes lanes)
    {
        this.lanes = lanes;
        QueueCapacity = settings.QueueCapacity;
        current = settings.Parameters;
        // A hash above the caps could be written but never read again.
        if (!PasswordHash.IsAffordable(current)) throw new ArgumentException($"Argon2 cannot cost {current}.", nameof(settings));

        pace = new Argon2Pace(settings.YieldBlocks, Argon2Block.FastestPath);
        Present = new PresentWork(current.Work, settings.EqualisesRefusals);
    }

    public int Lanes => lanes.Count;

    public int Queued => lanes.Queued;

    public int QueueCapacity { get; }

    /// <inheritdoc cref="HashLanes.Busy"/>
    public int Busy => lanes.Busy;

    /// <inheritdoc cref="HashLanes.TimeHashing"/>
    public TimeSpan TimeHashing => lanes.TimeHashing;

    /// <inheritdoc cref="HashLanes.BlocksFilled"/>
    public long BlocksFilled => lanes.BlocksFilled;

    /// <summary>What a hash of today costs.</summary>
    public HashWork CurrentWork => current.Work;

    /// <summary>What the text of every hash of today begins with.</summary>
    public string CurrentForm => PasswordHash.FormOf(current);

    /// <summary>What the stored hashes cost, as far as refusals have to know.</summary>
    public PresentWork Present { get; }

    /// <summary>How much verifying and refusing has cost since the start. Hashing is not in it.</summary>
    public long WorkDone(WorkKind kind) => Interlocked.Read(ref workDone[(int)kind]);

    public async ValueTask<HashResult> Hash(string password, string fairnessKey, CancellationToken cancellation)
    {
        var turn = lanes.TryRun(fairnessKey, arena => HashNow(password, arena), cancellation, out var retryAfter);
        return turn is null ? new HashResult(null, retryAfter) : new HashResult(await turn, TimeSpan.Zero);
    }

    /// <summary>
    /// A null hash is that of a user who does not exist: the same work, and never right. A hash that cannot be read, or costs more than the caps
    /// allow, is nobody's too.
    /// </summary>
    public async ValueTask<VerifyResult> Verify(string password, string? storedHash, string fairnessKey, CancellationToken cancellation)
    {
        var stored = ForeignHash.Parse(storedHash).Hash;
        var turn = lanes.TryRun(fairnessKey, arena => VerifyNow(password, stored, new HashBench(arena, pace)), cancellation, out var retryAfter);
        return turn is null ? new VerifyResult(VerifyOutcome.Busy, retryAfter, null) : await turn;
    }

    /// <summary>Finishes what waits; from now on everybody is told to come back, to the server that takes over.</summary>
    public void Dispose() => lanes.Dispose();

    private string HashNow(string password, Argon2Arena arena)
    {
        byte[] bytes = PasswordBytes.Encode(password, out int length);
        try
        {
            return HashBytes(bytes.AsSpan(0, length), arena);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private VerifyResult VerifyNow(string password, StoredHash? stored, HashBench bench)
    {
        byte[] bytes = PasswordBytes.Encode(password, out int length);
        try
        {
            TypedPassword typed = new(password, bytes.AsSpan(0, length));
            if (stored is null || !Matches(typed, stored, bench)) return Refuse(typed, stored?.Work, bench);

            string? rehashed = stored.NeedsRehash(current) && stored.Covers(typed) ? HashBytes(typed.Bytes, bench.Arena) : null;
            return new VerifyResult(VerifyOutcome.Right, TimeSpan.Zero, rehashed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private bool Matches(TypedPassword typed, StoredHash stored, HashBench bench)
    {
        Count(stored.Work);
        return stored.Matches(typed, bench);
    }

    // The same amount of each kind of work for everybody who is refused: decision 42.
    private VerifyResult Refuse(TypedPassword typed, HashWork? done, HashBench bench)
    {
        foreach (var work in Present.FindMissing(done))
        {
            Count(work);
            DecoyWork.Do(work, typed, current, bench);
        }
        return new VerifyResult(VerifyOutcome.Wrong, TimeSpan.Zero, null);
    }

    private void Count(HashWork work) => Interlocked.Add(ref workDone[(int)work.Kind], work.Amount);

    private string HashBytes(ReadOnlySpan<byte> password, Argon2Arena arena)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(PasswordHash.SaltBytes);
        byte[] tag = new byte[PasswordHash.TagBytes];
        Argon2.Derive(current, new Argon2Input(password, salt), tag, arena, pace);
        return new PasswordHash(current, salt, tag).ToString();
    }
}
