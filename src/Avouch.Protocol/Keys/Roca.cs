using System.Numerics;

namespace Avouch.Protocol;

/// <summary>
/// The mark of keys made by a broken generator in smart cards and TPMs (CVE-2017-15361): modulo each of the first primes they are a power
/// of 65537. Such a key can be factored. A good key bears the mark once in 2^27.
/// </summary>
internal static class Roca
{
    private const int Generator = 65537;

    private static readonly int[] Primes =
    [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137,
        139, 149, 151, 157, 163, 167,
    ];

    public static bool IsLikely(BigInteger modulus) => Array.TrueForAll(Primes, prime => IsPower((int)(modulus % prime), prime));

    private static bool IsPower(int residue, int prime)
    {
        var power = 1;
        do
        {
            if (power == residue) return true;
            power = power * (Generator % prime) % prime;
        }
        while (power != 1);
        return false;
    }
}
