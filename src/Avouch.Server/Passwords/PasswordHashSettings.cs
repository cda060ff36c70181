namespace Avouch.Server.Passwords;

/// <summary>What a password hash costs, and how much of the machine hashing may take. The defaults are OWASP's second choice for Argon2id.</summary>
internal sealed record PasswordHashSettings
{
    /// <summary>8 × <see cref="Parallelism"/> to 131072 KiB; 19456 by default.</summary>
    public int MemoryKiB { get; init; } = 19_456;

    /// <summary>Passes over the memory: 1 to 64, 2 by default. Memory × iterations is at most 524288.</summary>
    public int Iterations { get; init; } = 2;

    /// <summary>Argon2's own p: 1 to 16, 1 by default. More gives no speed here, since a hash has one thread.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>Threads that hash, each with <see cref="MemoryKiB"/>: at least 1, by default one for each core.</summary>
    public int Lanes { get; init; } = Environment.ProcessorCount;

    /// <summary>Places for those who wait, at least 1; 256 by default, about a second and a half on two lanes.</summary>
    public int QueueCapacity { get; init; } = 256;

    /// <summary>Blocks of 1 KiB between two yields of the core; 256 by default, some 50 µs; 0 never yields.</summary>
    public int YieldBlocks { get; init; } = 256;

    /// <summary>Whether a refused sign-in does as much work of each kind as any stored hash needs; true by default.</summary>
    public bool EqualisesRefusals { get; init; } = true;

    public Argon2Parameters Parameters => new(MemoryKiB, Iterations, Parallelism);
}
