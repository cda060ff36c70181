using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Quad = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Avouch.Server.Passwords;

/// <summary>
/// G with AVX2. The left block is the one just written and still in the first cache; the result of the rows goes through the scratch block, and
/// the columns XOR both inputs in again on their way out, so that each block is written once.
/// </summary>
internal static unsafe class Argon2Vector256
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(ulong* left, ulong* right, ulong* destination, ulong* scratch, bool addsToOld)
    {
        for (int i = 0; i < Argon2Block.Words; i += 32) PermuteTwoRows(left + i, right + i, scratch + i);
        for (int i = 0; i < 16; i += 4) PermuteTwoColumns(left + i, right + i, destination + i, scratch + i, addsToOld);
    }

    // A vector holds a whole row of P's 4×4 matrix.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteTwoRows(ulong* left, ulong* right, ulong* scratch)
    {
        Quad a0 = Sum(left, right, 0), b0 = Sum(left, right, 4), c0 = Sum(left, right, 8), d0 = Sum(left, right, 12);
        Quad a1 = Sum(left, right, 16), b1 = Sum(left, right, 20), c1 = Sum(left, right, 24), d1 = Sum(left, right, 28);

        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (b0, c0, d0) = (Turn1(b0), Turn2(c0), Turn3(d0)); // row i by i words: the diagonals become columns
        (b1, c1, d1) = (Turn1(b1), Turn2(c1), Turn3(d1));
        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (b0, c0, d0) = (Turn3(b0), Turn2(c0), Turn1(d0)); // and back
        (b1, c1, d1) = (Turn3(b1), Turn2(c1), Turn1(d1));

        a0.Store(scratch); b0.Store(scratch + 4); c0.Store(scratch + 8); d0.Store(scratch + 12);
        a1.Store(scratch + 16); b1.Store(scratch + 20); c1.Store(scratch + 24); d1.Store(scratch + 28);
    }

    // A vector holds half a row of two matrices, one in each 128-bit half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PermuteTwoColumns(ulong* left, ulong* right, ulong* destination, ulong* scratch, bool addsToOld)
    {
        Quad a0 = Vector256.Load(scratch), a1 = Vector256.Load(scratch + 16);
        Quad b0 = Vector256.Load(scratch + 32), b1 = Vector256.Load(scratch + 48);
        Quad c0 = Vector256.Load(scratch + 64), c1 = Vector256.Load(scratch + 80);
        Quad d0 = Vector256.Load(scratch + 96), d1 = Vector256.Load(scratch + 112);

        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (b0, b1, c0, c1, d0, d1) = (Join(b0, b1), Join(b1, b0), c1, c0, Join(d1, d0), Join(d0, d1));
        Mix(ref a0, ref b0, ref c0, ref d0, ref a1, ref b1, ref c1, ref d1);
        (b0, b1, c0, c1, d0, d1) = (Join(b1, b0), Join(b0, b1), c1, c0, Join(d0, d1), Join(d1, d0));

        a0 ^= Sum(left, right, 0); a1 ^= Sum(left, right, 16);
        b0 ^= Sum(left, right, 32); b1 ^= Sum(left, right, 48);
        c0 ^= Sum(left, right, 64); c1 ^= Sum(left, right, 80);
        d0 ^= Sum(left, right, 96); d1 ^= Sum(left, right, 112);
        if (addsToOld)
        {
            a0 ^= Vector256.Load(destination); a1 ^= Vector256.Load(destination + 16);
            b0 ^= Vector256.Load(destination + 32); b1 ^= Vector256.Load(destination + 48);
            c0 ^= Vector256.Load(destination + 64); c1 ^= Vector256.Load(destination + 80);
            d0 ^= Vector256.Load(destination + 96); d1 ^= Vector256.Load(destination + 112);
        }

        a0.Store(destination); a1.Store(destination + 16);
        b0.Store(destination + 32); b1.Store(destination + 48);
        c0.Store(destination + 64); c1.Store(destination + 80);
        d0.Store(destination + 96); d1.Store(destination + 112);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Sum(ulong* left, ulong* right, int offset) => Vector256.Load(left + offset) ^ Vector256.Load(right + offset);

    // Two independent rounds side by side: while one waits for its multiplication, the other computes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Quad a0, ref Quad b0, ref Quad c0, ref Quad d0, ref Quad a1, ref Quad b1, ref Quad c1, ref Quad d1)
    {
        a0 = MultiplyAdd(a0, b0); a1 = MultiplyAdd(a1, b1);
        d0 = RotateRight32(d0 ^ a0); d1 = RotateRight32(d1 ^ a1);
        c0 = MultiplyAdd(c0, d0); c1 = MultiplyAdd(c1, d1);
        b0 = RotateRight24(b0 ^ c0); b1 = RotateRight24(b1 ^ c1);
        a0 = MultiplyAdd(a0, b0); a1 = MultiplyAdd(a1, b1);
        d0 = RotateRight16(d0 ^ a0); d1 = RotateRight16(d1 ^ a1);
        c0 = MultiplyAdd(c0, d0); c1 = MultiplyAdd(c1, d1);
        b0 = RotateRight63(b0 ^ c0); b1 = RotateRight63(b1 ^ c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad MultiplyAdd(Quad x, Quad y)
    {
        var product = Avx2.Multiply(x.AsUInt32(), y.AsUInt32());
        return x + y + (product + product);
    }

    // Whole bytes are turned by a shuffle, one instruction; 63 bits to the right are one to the left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad RotateRight32(Quad x) => Avx2.Shuffle(x.AsUInt32(), 0b10_11_00_01).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad RotateRight24(Quad x) => Avx2.Shuffle(x.AsByte(), Vector256.Create(
        (byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad RotateRight16(Quad x) => Avx2.Shuffle(x.AsByte(), Vector256.Create(
        (byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad RotateRight63(Quad x) => (x >>> 63) ^ (x + x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Turn1(Quad x) => Avx2.Permute4x64(x, 0b00_11_10_01);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Turn2(Quad x) => Avx2.Permute4x64(x, 0b01_00_11_10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Turn3(Quad x) => Avx2.Permute4x64(x, 0b10_01_00_11);

    // In each half: the second word of one and the first word of the other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Join(Quad first, Quad second) => Avx2.AlignRight(second.AsByte(), first.AsByte(), 8).AsUInt64();
}
