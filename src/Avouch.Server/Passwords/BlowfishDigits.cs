using System.Buffers.Binary;
using System.Numerics;

namespace Avouch.Server.Passwords;

/// <summary>
/// What Blowfish begins with: the first 1042 words of the fraction of π, 18 for the subkeys and 4 × 256 for the boxes. Computed at the first use, in
/// some dozens of milliseconds: a formula of ten lines can be checked by reading, a table of a thousand numbers cannot.
/// </summary>
internal static class BlowfishDigits
{
    public const int Count = 18 + 4 * 256;

    private const int GuardBits = 64; // each of the 19,000 roundings is off by less than one unit
    private static readonly Lazy<uint[]> digits = new(Compute);

    public static ReadOnlySpan<uint> Words => digits.Value;

    // Machin's formula: π = 16 arctan(1/5) − 4 arctan(1/239).
    private static uint[] Compute()
    {
        BigInteger one = BigInteger.One << (Count * 32 + GuardBits);
        BigInteger fraction = 16 * ArcTangentOfInverse(5, one) - 4 * ArcTangentOfInverse(239, one) - 3 * one;
        byte[] bytes = (fraction >> GuardBits).ToByteArray(isUnsigned: true, isBigEndian: true);
        uint[] words = new uint[Count];
        for (int i = 0; i < Count; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4 * i));
        return words;
    }

    private static BigInteger ArcTangentOfInverse(int x, BigInteger one)
    {
        BigInteger power = one / x, sum = power;
        for (int n = 3, sign = -1; !power.IsZero; n += 2, sign = -sign)
        {
            power /= x * x;
            sum += sign * (power / n);
        }
        return sum;
    }
}
