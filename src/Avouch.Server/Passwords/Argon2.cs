using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Avouch.Server.Passwords;

/// <summary>The four byte strings that go into a hash. Secret and associated data may be empty.</summary>
internal readonly ref struct Argon2Input(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt)
{
    public ReadOnlySpan<byte> Password { get; } = password;
    public ReadOnlySpan<byte> Salt { get; } = salt;
    public ReadOnlySpan<byte> Secret { get; init; }
    public ReadOnlySpan<byte> AssociatedData { get; init; }
}

/// <summary>
/// Argon2 (RFC 9106). Managed for two reasons: it is faster than the libargon2 of the distributions, and only a hash of our own can yield the
/// core in the middle, so that a token check never waits for a whole password.
/// </summary>
internal static unsafe class Argon2
{
    private const int MinTagBytes = 4;
    private const int InitialHashBytes = 64;

    /// <summary>Fills <paramref name="tag"/>; its length is an input of the hash. The arena is wiped before this returns.</summary>
    public static void Derive(Argon2Parameters parameters, Argon2Input input, Span<byte> tag, Argon2Arena arena, Argon2Pace pace)
    {
        parameters.ThrowIfImpossible();
        ArgumentOutOfRangeException.ThrowIfLessThan(tag.Length, MinTagBytes);
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Blocks are read as little-endian words.");

        arena.Reserve(parameters.Blocks);
        try
        {
            WriteFirstBlocks(parameters, input, tag.Length, arena);
            new Argon2Fill(parameters, arena, pace).Run();
            WriteTag(parameters, arena, tag);
        }
        finally
        {
            arena.Wipe();
        }
    }

    // RFC 9106 §3.2, steps 1 to 4.
    private static void WriteFirstBlocks(Argon2Parameters parameters, Argon2Input input, int tagBytes, Argon2Arena arena)
    {
        Span<byte> seed = stackalloc byte[InitialHashBytes + 8];
        WriteInitialHash(parameters, input, tagBytes, seed[..InitialHashBytes]);
        var place = MemoryMarshal.Cast<byte, int>(seed[InitialHashBytes..]);

        for (int lane = 0; lane < parameters.Parallelism; lane++)
        {
            place[1] = lane;
            for (int column = 0; column < 2; column++)
            {
                place[0] = column;
                WriteLongHash(seed, arena.BlockBytes(lane * parameters.LaneBlocks + column));
            }
        }
        CryptographicOperations.ZeroMemory(seed);
    }

    private static void WriteInitialHash(Argon2Parameters parameters, Argon2Input input, int tagBytes, Span<byte> digest)
    {
        Blake2b hash = new(InitialHashBytes);
        hash.AppendLength(parameters.Parallelism);
        hash.AppendLength(tagBytes);
        hash.AppendLength(parameters.MemoryKiB);
        hash.AppendLength(parameters.Iterations);
        hash.AppendLength(parameters.Version);
        hash.AppendLength((int)parameters.Type);
        AppendWithLength(ref hash, input.Password);
        AppendWithLength(ref hash, input.Salt);
        AppendWithLength(ref hash, input.Secret);
        AppendWithLength(ref hash, input.AssociatedData);
        hash.Finish(digest);
    }

    private static void AppendWithLength(ref Blake2b hash, ReadOnlySpan<byte> value)
    {
        hash.AppendLength(value.Length);
        hash.Append(value);
    }

    // RFC 9106 §3.2, steps 7 and 8.
    private static void WriteTag(Argon2Parameters parameters, Argon2Arena arena, Span<byte> tag)
    {
        ulong* sum = arena.Scratch;
        new Span<ulong>(sum, Argon2Block.Words).Clear();
        for (int lane = 0; lane < parameters.Parallelism; lane++)
        {
            ulong* last = arena.Block((lane + 1) * parameters.LaneBlocks - 1);
            for (int i = 0; i < Argon2Block.Words; i++) sum[i] ^= last[i];
        }
        WriteLongHash(new ReadOnlySpan<byte>(sum, Argon2Block.Bytes), tag);
    }

    // H' of RFC 9106 §3.3: a chain of 64-byte digests of which each gives its first half, the last one all of it.
    private static void WriteLongHash(ReadOnlySpan<byte> input, Span<byte> output)
    {
        Blake2b hash = new(Math.Min(output.Length, Blake2b.MaxDigestBytes));
        hash.AppendLength(output.Length);
        hash.Append(input);
        if (output.Length <= Blake2b.MaxDigestBytes)
        {
            hash.Finish(output);
            return;
        }

        Span<byte> link = stackalloc byte[Blake2b.MaxDigestBytes];
        hash.Finish(link);
        while (output.Length > Blake2b.MaxDigestBytes)
        {
            link[..32].CopyTo(output);
            output = output[32..];
            int linkBytes = Math.Min(output.Length, Blake2b.MaxDigestBytes);
            hash = new Blake2b(linkBytes);
            hash.Append(link);
            hash.Finish(link[..linkBytes]);
        }
        link[..output.Length].CopyTo(output);
        CryptographicOperations.ZeroMemory(link);
    }
}
