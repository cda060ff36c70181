using System.Numerics;
using System.Runtime.CompilerServices;

namespace Avouch.Server.Passwords;

/// <summary>G without vectors: the plain reading of RFC 9106 §3.5 and §3.6, for processors that have none and to test the others against.</summary>
internal static unsafe class Argon2Scalar
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(ulong* left, ulong* right, ulong* destination, ulong* scratch, bool addsToOld)
    {
        for (int i = 0; i < Argon2Block.Words; i++) scratch[i] = left[i] ^ right[i];
        for (int row = 0; row < 8; row++) Permute(scratch + 16 * row, pairStride: 2);
        for (int column = 0; column < 8; column++) Permute(scratch + 2 * column, pairStride: 16);
        for (int i = 0; i < Argon2Block.Words; i++)
            destination[i] = scratch[i] ^ left[i] ^ right[i] ^ (addsToOld ? destination[i] : 0);
    }

    // P works on eight registers of two words each: neighbours in a row, 16 words apart in a column.
    private static void Permute(ulong* v, int pairStride)
    {
        ulong* p01 = v, p23 = v + pairStride, p45 = v + 2 * pairStride, p67 = v + 3 * pairStride;
        ulong* p89 = v + 4 * pairStride, pAB = v + 5 * pairStride, pCD = v + 6 * pairStride, pEF = v + 7 * pairStride;

        Mix(ref p01[0], ref p45[0], ref p89[0], ref pCD[0]);
        Mix(ref p01[1], ref p45[1], ref p89[1], ref pCD[1]);
        Mix(ref p23[0], ref p67[0], ref pAB[0], ref pEF[0]);
        Mix(ref p23[1], ref p67[1], ref pAB[1], ref pEF[1]);

        Mix(ref p01[0], ref p45[1], ref pAB[0], ref pEF[1]);
        Mix(ref p01[1], ref p67[0], ref pAB[1], ref pCD[0]);
        Mix(ref p23[0], ref p67[1], ref p89[0], ref pCD[1]);
        Mix(ref p23[1], ref p45[0], ref p89[1], ref pEF[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        a = MultiplyAdd(a, b);
        d = BitOperations.RotateRight(d ^ a, 32);
        c = MultiplyAdd(c, d);
        b = BitOperations.RotateRight(b ^ c, 24);
        a = MultiplyAdd(a, b);
        d = BitOperations.RotateRight(d ^ a, 16);
        c = MultiplyAdd(c, d);
        b = BitOperations.RotateRight(b ^ c, 63);
    }

    // BLAKE2's addition, hardened by a multiplication of the low halves: it makes hardware of the attacker's wait.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong x, ulong y) => x + y + 2 * ((ulong)(uint)x * (uint)y);
}
