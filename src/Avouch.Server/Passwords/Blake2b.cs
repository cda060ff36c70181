using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Avouch.Server.Passwords;

/// <summary>BLAKE2b without a key (RFC 7693): the hash under Argon2. One value makes one digest.</summary>
internal unsafe struct Blake2b
{
    public const int MaxDigestBytes = 64;
    private const int BlockBytes = 128;
    private const int Rounds = 12;

    private fixed ulong state[8];
    private fixed byte block[BlockBytes];
    private ulong compressedBytes;
    private int pending;

    public Blake2b(int digestBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digestBytes, MaxDigestBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(digestBytes, 1);

        for (int i = 0; i < 8; i++) state[i] = InitialValues[i];
        state[0] ^= 0x01010000u | (uint)digestBytes; // the parameter block of RFC 7693 §2.5: fanout 1, depth 1, no key
    }

    // The fractional parts of the square roots of the first eight primes (RFC 7693 §2.6).
    private static ReadOnlySpan<ulong> InitialValues =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    // Which message word goes where in each round (RFC 7693 §2.7); rounds 10 and 11 repeat 0 and 1.
    private static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];

    public void Append(ReadOnlySpan<byte> data)
    {
        fixed (byte* block = this.block)
        {
            while (!data.IsEmpty)
            {
                // A full block waits until more comes: the last one is compressed with the final flag.
                if (pending == BlockBytes) Compress(isLast: false);

                int taken = Math.Min(BlockBytes - pending, data.Length);
                data[..taken].CopyTo(new Span<byte>(block + pending, taken));
                pending += taken;
                data = data[taken..];
            }
        }
    }

    public void AppendLength(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Append(bytes);
    }

    /// <summary>Writes as many bytes as the constructor was told, and wipes the state.</summary>
    public void Finish(Span<byte> digest)
    {
        fixed (byte* block = this.block) new Span<byte>(block + pending, BlockBytes - pending).Clear();
        Compress(isLast: true);
        fixed (ulong* state = this.state) new Span<byte>(state, digest.Length).CopyTo(digest);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(new Span<Blake2b>(ref this)));
    }

    private void Compress(bool isLast)
    {
        compressedBytes += (ulong)pending;
        pending = 0;
        Span<ulong> v = stackalloc ulong[16];
        fixed (ulong* state = this.state) new ReadOnlySpan<ulong>(state, 8).CopyTo(v);
        InitialValues.CopyTo(v[8..]);
        v[12] ^= compressedBytes; // the upper half of the 128-bit counter stays 0: nobody hashes 2^64 bytes here
        if (isLast) v[14] = ~v[14];

        fixed (byte* block = this.block) Mix(v, new ReadOnlySpan<ulong>(block, 16));
        for (int i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8];
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(v));
    }

    private static void Mix(Span<ulong> v, ReadOnlySpan<ulong> message)
    {
        for (int round = 0; round < Rounds; round++)
        {
            var order = Schedule.Slice(round % 10 * 16, 16);
            for (int i = 0; i < 4; i++) // columns
                Mix(v, i, 4 + i, 8 + i, 12 + i, message[order[2 * i]], message[order[2 * i + 1]]);
            for (int i = 0; i < 4; i++) // diagonals
                Mix(v, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, message[order[8 + 2 * i]], message[order[9 + 2 * i]]);
        }
    }

    private static void Mix(Span<ulong> v, int a, int b, int c, int d, ulong x, ulong y)
    {
        v[a] += v[b] + x;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 63);
    }
}
