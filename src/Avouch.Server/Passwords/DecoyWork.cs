using System.Security.Cryptography;

namespace Avouch.Server.Passwords;

/// <summary>Work of which nobody wants the result: what a refused sign-in does so that it takes as long as any other.</summary>
internal static class DecoyWork
{
    private const int ScryptBlockSize = 8;

    private static readonly byte[] salt = RandomNumberGenerator.GetBytes(PasswordHash.SaltBytes);

    public static void Do(HashWork work, TypedPassword typed, Argon2Parameters current, HashBench bench)
    {
        switch (work.Kind)
        {
            case WorkKind.Argon2: DoArgon2(work.Amount, typed.Bytes, current, bench); break;
            case WorkKind.Bcrypt: DoBcrypt(work.Amount, typed.Bytes, bench); break;
            case WorkKind.Scrypt: DoScrypt(work.Amount, typed.Bytes, bench); break;
            default: DoPbkdf2(work, typed.Bytes); break;
        }
    }

    // As many whole hashes of today's memory as fit, then what is left as one small one.
    private static void DoArgon2(long blocks, ReadOnlySpan<byte> password, Argon2Parameters current, HashBench bench)
    {
        Span<byte> tag = stackalloc byte[PasswordHash.TagBytes];
        while (blocks >= 8 * current.Parallelism)
        {
            int memory = (int)Math.Min(blocks, current.MemoryKiB);
            var part = current with { MemoryKiB = memory, Iterations = (int)Math.Min(blocks / memory, PasswordHash.MaxPasses) };
            Argon2.Derive(part, new Argon2Input(password, salt), tag, bench.Arena, bench.Pace);
            blocks -= (long)memory * part.Iterations;
        }
    }

    private static void DoBcrypt(long rounds, ReadOnlySpan<byte> password, HashBench bench)
    {
        Span<byte> tag = stackalloc byte[Bcrypt.TagBytes];
        Bcrypt.Derive(password, salt, rounds, isVersionA: false, tag, bench.Yields);
    }

    // The largest power of two that fits, again and again.
    private static void DoScrypt(long amount, ReadOnlySpan<byte> password, HashBench bench)
    {
        Span<byte> key = stackalloc byte[32];
        while (amount >= 2 * ScryptBlockSize)
        {
            int n = 1 << Math.Min(17, (int)long.Log2(amount / ScryptBlockSize)); // 17: 128 MiB
            Scrypt.Derive(new ScryptParameters(n, ScryptBlockSize, 1), password, salt, key, bench);
            amount -= (long)n * ScryptBlockSize;
        }
    }

    private static void DoPbkdf2(HashWork work, ReadOnlySpan<byte> password)
    {
        Span<byte> key = stackalloc byte[Pbkdf2Hash.DigestBytes(work.Kind)];
        Pbkdf2Hash.Derive(work.Kind, (int)work.Amount, password, salt, key);
    }
}
