using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Pair = System.Runtime.Intrinsics.Vector128<ulong>;

namespace Avouch.Server.Passwords;

/// <summary>G with vectors of two words: ARM, and x86 before AVX2. Two vectors hold one row of P's 4×4 matrix.</summary>
internal static unsafe class Argon2Vector128
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(ulong* left, ulong* right, ulong* destination, ulong* scratch, bool addsToOld)
    {
        for (int i = 0; i < Argon2Block.Words; i += 2)
            (Vector128.Load(left + i) ^ Vector128.Load(right + i)).Store(scratch + i);
        for (int row = 0; row < 8; row++) Permute(scratch + 16 * row, pairStride: 2);
        for (int column = 0; column < 8; column++) Permute(scratch + 2 * column, pairStride: 16);
        for (int i = 0; i < Argon2Block.Words; i += 2)
        {
            var result = Vector128.Load(scratch + i) ^ Vector128.Load(left + i) ^ Vector128.Load(right + i);
            if (addsToOld) result ^= Vector128.Load(destination + i);
            result.Store(destination + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Permute(ulong* v, int pairStride)
    {
        Pair a0 = Vector128.Load(v), a1 = Vector128.Load(v + pairStride);
        Pair b0 = Vector128.Load(v + 2 * pairStride), b1 = Vector128.Load(v + 3 * pairStride);
        Pair c0 = Vector128.Load(v + 4 * pairStride), c1 = Vector128.Load(v + 5 * pairStride);
        Pair d0 = Vector128.Load(v + 6 * pairStride), d1 = Vector128.Load(v + 7 * pairStride);

        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (b0, b1) = (Join(b0, b1), Join(b1, b0)); // turn row i by i words: the diagonals become columns
        (c0, c1) = (c1, c0);
        (d0, d1) = (Join(d1, d0), Join(d0, d1));
        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (b0, b1) = (Join(b1, b0), Join(b0, b1)); // and back
        (c0, c1) = (c1, c0);
        (d0, d1) = (Join(d0, d1), Join(d1, d0));

        a0.Store(v); a1.Store(v + pairStride);
        b0.Store(v + 2 * pairStride); b1.Store(v + 3 * pairStride);
        c0.Store(v + 4 * pairStride); c1.Store(v + 5 * pairStride);
        d0.Store(v + 6 * pairStride); d1.Store(v + 7 * pairStride);
    }

    // Two independent halves side by side: while one waits for its multiplication, the other computes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Pair a0, ref Pair b0, ref Pair c0, ref Pair d0, ref Pair a1, ref Pair b1, ref Pair c1, ref Pair d1)
    {
        a0 = MultiplyAdd(a0, b0); a1 = MultiplyAdd(a1, b1);
        d0 = RotateRight(d0 ^ a0, 32); d1 = RotateRight(d1 ^ a1, 32);
        c0 = MultiplyAdd(c0, d0); c1 = MultiplyAdd(c1, d1);
        b0 = RotateRight(b0 ^ c0, 24); b1 = RotateRight(b1 ^ c1, 24);
        a0 = MultiplyAdd(a0, b0); a1 = MultiplyAdd(a1, b1);
        d0 = RotateRight(d0 ^ a0, 16); d1 = RotateRight(d1 ^ a1, 16);
        c0 = MultiplyAdd(c0, d0); c1 = MultiplyAdd(c1, d1);
        b0 = RotateRight(b0 ^ c0, 63); b1 = RotateRight(b1 ^ c1, 63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair MultiplyAdd(Pair x, Pair y)
    {
        var product = MultiplyLow(x, y);
        return x + y + product + product;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair MultiplyLow(Pair x, Pair y)
    {
        if (Sse2.IsSupported) return Sse2.Multiply(x.AsUInt32(), y.AsUInt32());
        if (AdvSimd.IsSupported)
            return AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(x), AdvSimd.ExtractNarrowingLower(y));
        Pair lowHalf = Vector128.Create<ulong>(uint.MaxValue);
        return (x & lowHalf) * (y & lowHalf);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair RotateRight(Pair x, int bits) => (x >>> bits) | (x << (64 - bits));

    // The second word of one and the first word of the other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Pair Join(Pair first, Pair second) =>
        Sse2.IsSupported ? Sse2.Shuffle(first.AsDouble(), second.AsDouble(), 0b01).AsUInt64()
        : AdvSimd.IsSupported ? AdvSimd.ExtractVector128(first, second, 1)
        : Vector128.Create(first.GetElement(1), second.GetElement(0));
}
