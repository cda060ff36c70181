using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Avouch.Server.Passwords;

/// <summary>What scrypt costs (RFC 7914 §2): N, a power of two; the block size r; the parallelism p.</summary>
internal readonly record struct ScryptParameters(int N, int R, int P)
{
    private const long MaxMemoryBytes = PasswordHash.MaxMemoryKiB * 1024L;
    private const long MaxBytes = PasswordHash.MaxCost * 1024L; // what all p together may fill, as with Argon2's passes

    public bool IsPossible => N > 1 && (N & (N - 1)) == 0 && R >= 1 && P >= 1;

    public bool IsAffordable => IsPossible && 128m * N * R <= MaxMemoryBytes && 128m * N * R * P <= MaxBytes;

    public HashWork Work => new(WorkKind.Scrypt, (long)N * R * P);
}

/// <summary>scrypt (RFC 7914), to verify what others have stored. Its memory is the lane's arena.</summary>
internal static unsafe class Scrypt
{
    private const int WordsPerR = 32; // 128 bytes

    public static void Derive(ScryptParameters parameters, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> key, HashBench bench)
    {
        if (!parameters.IsAffordable) throw new ArgumentOutOfRangeException(nameof(parameters), parameters, "This costs too much.");
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Blocks are read as little-endian words.");

        nint words = (nint)parameters.R * WordsPerR;
        long bytes = 4L * words * (parameters.N + 2 + parameters.P);
        bench.Arena.Reserve((int)((bytes + Argon2Block.Bytes - 1) / Argon2Block.Bytes));
        try
        {
            uint* table = (uint*)bench.Arena.Block(0);
            uint* work = table + parameters.N * words;
            uint* all = work + 2 * words;
            Span<byte> blocks = new(all, checked((int)(4 * words * parameters.P)));
            Rfc2898DeriveBytes.Pbkdf2(password, salt, blocks, 1, HashAlgorithmName.SHA256);
            for (int i = 0; i < parameters.P; i++) Mix(all + i * words, parameters, table, work, bench.Pace.YieldBlocks);
            Rfc2898DeriveBytes.Pbkdf2(password, blocks, key, 1, HashAlgorithmName.SHA256);
        }
        finally
        {
            bench.Arena.Wipe();
        }
    }

    // scryptROMix, RFC 7914 §5.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(uint* block, ScryptParameters parameters, uint* table, uint* work, int yieldBlocks)
    {
        nint words = (nint)parameters.R * WordsPerR;
        uint* next = work + words;
        uint last = (uint)(parameters.N - 1);
        long yieldEvery = Math.Max(2, (long)yieldBlocks * Argon2Block.Bytes / (4 * words)) & ~1L; // two at a time
        Permute(block, work, words);
        for (int i = 0; i < parameters.N; i += 2)
        {
            Copy(work, table + i * words, words);
            MixBlock(work, next, parameters.R);
            Copy(next, table + (i + 1) * words, words);
            MixBlock(next, work, parameters.R);
            if (yieldBlocks > 0 && i % yieldEvery == 0) Thread.Yield();
        }
        for (int i = 0; i < parameters.N; i += 2)
        {
            Add(table + (work[words - 16] & last) * words, work, words); // Integerify; the permutation leaves word 0 in its place
            MixBlock(work, next, parameters.R);
            Add(table + (next[words - 16] & last) * words, next, words);
            MixBlock(next, work, parameters.R);
            if (yieldBlocks > 0 && i % yieldEvery == 0) Thread.Yield();
        }
        Restore(work, block, words);
    }

    // scryptBlockMix, RFC 7914 §4: even results to the first half, odd ones to the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixBlock(uint* input, uint* output, int r)
    {
        uint* last = input + (2 * r - 1) * 16;
        Vector128<uint> a = Vector128.Load(last), b = Vector128.Load(last + 4), c = Vector128.Load(last + 8), d = Vector128.Load(last + 12);
        for (int i = 0; i < 2 * r; i++)
        {
            uint* from = input + i * 16;
            a ^= Vector128.Load(from);
            b ^= Vector128.Load(from + 4);
            c ^= Vector128.Load(from + 8);
            d ^= Vector128.Load(from + 12);
            Salsa(ref a, ref b, ref c, ref d);
            uint* to = output + ((i & 1) * r + i / 2) * 16;
            a.Store(to);
            b.Store(to + 4);
            c.Store(to + 8);
            d.Store(to + 12);
        }
    }

    // Salsa20/8, RFC 7914 §3, on diagonals: each vector holds what one step of a double round changes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Salsa(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d)
    {
        Vector128<uint> x0 = a, x1 = b, x2 = c, x3 = d;
        for (int i = 0; i < 4; i++)
        {
            x1 ^= Rotate(x0 + x3, 7);
            x2 ^= Rotate(x1 + x0, 9);
            x3 ^= Rotate(x2 + x1, 13);
            x0 ^= Rotate(x3 + x2, 18);
            x1 = Vector128.Shuffle(x1, Vector128.Create(3u, 0, 1, 2));
            x2 = Vector128.Shuffle(x2, Vector128.Create(2u, 3, 0, 1));
            x3 = Vector128.Shuffle(x3, Vector128.Create(1u, 2, 3, 0));
            x3 ^= Rotate(x0 + x1, 7);
            x2 ^= Rotate(x3 + x0, 9);
            x1 ^= Rotate(x2 + x3, 13);
            x0 ^= Rotate(x1 + x2, 18);
            x1 = Vector128.Shuffle(x1, Vector128.Create(1u, 2, 3, 0));
            x2 = Vector128.Shuffle(x2, Vector128.Create(2u, 3, 0, 1));
            x3 = Vector128.Shuffle(x3, Vector128.Create(3u, 0, 1, 2));
        }
        a += x0;
        b += x1;
        c += x2;
        d += x3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate(Vector128<uint> value, int bits) => value << bits | value >>> (32 - bits);

    // Word i of each 64 bytes comes from place 5i: the diagonals become rows.
    private static void Permute(uint* from, uint* to, nint words)
    {
        for (nint i = 0; i < words; i++) to[i] = from[(i & ~15) + i % 16 * 5 % 16];
    }

    private static void Restore(uint* from, uint* to, nint words)
    {
        for (nint i = 0; i < words; i++) to[(i & ~15) + i % 16 * 5 % 16] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(uint* from, uint* to, nint words) => Buffer.MemoryCopy(from, to, 4 * words, 4 * words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(uint* from, uint* to, nint words)
    {
        for (nint i = 0; i < words; i += 4) (Vector128.Load(from + i) ^ Vector128.Load(to + i)).Store(to + i);
    }
}
