using System.Numerics;
using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>Which RSA keys are taken. The platform takes more: short ones, an exponent of one, parts that do not belong together.</summary>
internal static class RsaRules
{
    private const int MinBits = 2048;   // RFC 7518 §3.3
    private const int MaxBits = 8192;   // the work of a check grows with the square of it, and strangers choose the keys they publish
    private const int MaxExponentBytes = 4;   // more makes a check slower and nothing safer; Windows takes no more either

    /// <summary>What is wrong with a public key, or null. Both numbers are big-endian, without leading zeros.</summary>
    public static string? FindFault(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        if (modulus.IsEmpty || modulus[0] == 0 || exponent.IsEmpty || exponent[0] == 0) return "A number is empty or begins with a zero.";
        if (modulus.Length > MaxBits / 8) return $"The modulus has more than {MaxBits} bits.";

        var number = Number(modulus);
        if (number.GetBitLength() < MinBits) return $"The modulus has less than {MinBits} bits.";
        if (number.IsEven) return "The modulus is even.";
        if (exponent.Length > MaxExponentBytes) return $"The exponent has more than {8 * MaxExponentBytes} bits.";
        if (Number(exponent) < 3 || Number(exponent).IsEven) return "The exponent is less than 3 or even.";
        return Roca.IsLikely(number) ? "The modulus comes from a generator that is known to be broken (ROCA)." : null;
    }

    /// <summary>
    /// Whether the private numbers belong to the public ones and to each other (RFC 8017 §3.2). It runs once, when a key is imported, on the
    /// machine that owns the key; the time it takes is nobody else's to measure.
    /// </summary>
    public static bool AreConsistent(RSAParameters key)
    {
        var (p, q) = (Number(key.P), Number(key.Q));
        if (p.IsEven || q.IsEven || p < 3 || q < 3 || p * q != Number(key.Modulus)) return false;

        var (e, d) = (Number(key.Exponent), Number(key.D));
        if (d >= Number(key.Modulus) || e * d % (p - 1) != 1 || e * d % (q - 1) != 1) return false;
        return Number(key.DP) == d % (p - 1) && Number(key.DQ) == d % (q - 1) && Number(key.InverseQ) < p && Number(key.InverseQ) * q % p == 1;
    }

    private static BigInteger Number(ReadOnlySpan<byte> bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);
}
