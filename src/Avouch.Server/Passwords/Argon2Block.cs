using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Avouch.Server.Passwords;

/// <summary>The three ways to the same bytes. Tests choose one; a server takes the fastest that the processor has.</summary>
internal enum Argon2Path
{
    Scalar,
    Vector128,
    Vector256,
}

/// <summary>The compression function G of RFC 9106 §3.5 on blocks of 1 KiB, and the choice between its three writings.</summary>
internal static unsafe class Argon2Block
{
    public const int Bytes = 1024;
    public const int Words = Bytes / sizeof(ulong);

    public static Argon2Path FastestPath { get; } =
        Avx2.IsSupported ? Argon2Path.Vector256 : Vector128.IsHardwareAccelerated ? Argon2Path.Vector128 : Argon2Path.Scalar;

    /// <summary>
    /// destination = G(left, right), or destination ^= G(left, right) when <paramref name="addsToOld"/>. The destination may be one of the two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Compress(Argon2Path path, ulong* left, ulong* right, ulong* destination, ulong* scratch, bool addsToOld)
    {
        switch (path)
        {
            case Argon2Path.Vector256: Argon2Vector256.Compress(left, right, destination, scratch, addsToOld); break;
            case Argon2Path.Vector128: Argon2Vector128.Compress(left, right, destination, scratch, addsToOld); break;
            default: Argon2Scalar.Compress(left, right, destination, scratch, addsToOld); break;
        }
    }
}
