namespace Avouch.Server.Passwords;

/// <summary>The variants of RFC 9106 §3.1; the numbers go into the hash.</summary>
internal enum Argon2Type
{
    D = 0,
    I = 1,
    Id = 2,
}

/// <summary>What a hash costs. The lane count is Argon2's own parallelism, not the number of threads here.</summary>
internal readonly record struct Argon2Parameters(int MemoryKiB, int Iterations, int Parallelism)
{
    /// <summary>1.3, the version of RFC 9106.</summary>
    public const int CurrentVersion = 0x13;

    /// <summary>1.0 overwrites blocks where 1.3 XORs them. Only known answers use it.</summary>
    public const int FirstVersion = 0x10;

    public const int SlicesPerLane = 4;

    public Argon2Type Type { get; init; } = Argon2Type.Id;

    public int Version { get; init; } = CurrentVersion;

    public int SegmentBlocks => MemoryKiB / (SlicesPerLane * Parallelism);

    public int LaneBlocks => SegmentBlocks * SlicesPerLane;

    /// <summary>m' of RFC 9106 §3.2: the memory rounded down to whole segments.</summary>
    public int Blocks => LaneBlocks * Parallelism;

    /// <summary>Every pass writes every block.</summary>
    public HashWork Work => new(WorkKind.Argon2, (long)Blocks * Iterations);

    /// <summary>RFC 9106 §3.1. Throws, because settings and stored hashes were checked long before.</summary>
    public void ThrowIfImpossible()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Iterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Parallelism, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Parallelism, (1 << 24) - 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryKiB, 8L * Parallelism);
    }
}
