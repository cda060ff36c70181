using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Avouch.Server.Passwords;

/// <summary>
/// bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999), to verify what others have stored. Nothing new is hashed with it.
/// </summary>
internal static unsafe class Bcrypt
{
    public const int SaltBytes = 16;
    public const int TagBytes = 23; // of 24: the original leaves the last byte out, and so has everybody since

    /// <summary>What follows is ignored, as in every implementation of that time.</summary>
    public const int MaxPasswordBytes = 72;

    private const int Subkeys = 18;
    private const int TextBlocks = 3;
    private const int Encryptions = 64;

    /// <param name="rounds">Two to the power of the cost. A decoy may ask for any number.</param>
    /// <param name="isVersionA">$2a$ of crypt_blowfish 1.1 and later: passwords that its older fault confused with others hash to something else.</param>
    /// <param name="yields">Whether the core is given away after each round, some 50 µs.</param>
    public static void Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, long rounds, bool isVersionA, Span<byte> tag, bool yields)
    {
        uint* state = stackalloc uint[BlowfishDigits.Count];
        uint* key = stackalloc uint[Subkeys];
        uint* saltWords = stackalloc uint[4];
        uint* noSalt = stackalloc uint[4];
        try
        {
            BlowfishDigits.Words.CopyTo(new Span<uint>(state, BlowfishDigits.Count));
            for (int i = 0; i < 4; i++) (saltWords[i], noSalt[i]) = (BinaryPrimitives.ReadUInt32BigEndian(salt[(4 * i)..]), 0);
            uint correction = ReadKey(password, key);

            for (int i = 0; i < Subkeys; i++) state[i] ^= key[i];
            if (isVersionA) state[0] ^= correction;
            Expand(state, saltWords);
            for (long round = 0; round < rounds; round++)
            {
                for (int i = 0; i < Subkeys; i++) state[i] ^= key[i];
                Expand(state, noSalt);
                for (int i = 0; i < Subkeys; i++) state[i] ^= saltWords[i & 3];
                Expand(state, noSalt);
                if (yields) Thread.Yield();
            }
            WriteTag(state, tag);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(state, BlowfishDigits.Count * sizeof(uint)));
            CryptographicOperations.ZeroMemory(new Span<byte>(key, Subkeys * sizeof(uint)));
        }
    }

    /// <summary>
    /// The password and a zero byte, over and over, until 72 bytes are full: a NUL inside of it counts like any other byte. Also what
    /// crypt_blowfish adds to its $2a$ where a sign-extended character would have covered the ones before it.
    /// </summary>
    private static uint ReadKey(ReadOnlySpan<byte> password, uint* key)
    {
        uint differences = 0, sign = 0;
        for (int i = 0, place = 0; i < Subkeys; i++)
        {
            uint right = 0, faulty = 0;
            for (int j = 0; j < 4; j++)
            {
                byte letter = place < password.Length ? password[place] : (byte)0;
                place = place < password.Length ? place + 1 : 0;
                right = right << 8 | letter;
                faulty = faulty << 8 | ((letter & 0x80) == 0 ? letter : letter | 0xFFFFFF00);
                if (j > 0) sign |= faulty & 0x80;
            }
            differences |= right ^ faulty;
            key[i] = right;
        }
        differences |= differences >> 16;
        differences = (differences & 0xFFFF) + 0xFFFF; // bit 16: the faulty reading is another one
        return sign << 9 & ~differences & 0x10000;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Expand(uint* state, uint* salt)
    {
        uint left = 0, right = 0;
        for (int i = 0; i < BlowfishDigits.Count; i += 2)
        {
            left ^= salt[i & 2];
            right ^= salt[(i & 2) + 1];
            Encrypt(state, ref left, ref right);
            state[i] = left;
            state[i + 1] = right;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encrypt(uint* state, ref uint left, ref uint right)
    {
        uint* box = state + Subkeys;
        uint l = left ^ state[0], r = right;
        for (int i = 1; i < Subkeys - 1; i += 2)
        {
            r ^= Mix(box, l) ^ state[i];
            l ^= Mix(box, r) ^ state[i + 1];
        }
        left = r ^ state[Subkeys - 1];
        right = l;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(uint* box, uint x) => ((box[x >> 24] + box[256 + (x >> 16 & 0xFF)]) ^ box[512 + (x >> 8 & 0xFF)]) + box[768 + (x & 0xFF)];

    private static void WriteTag(uint* state, Span<byte> tag)
    {
        ReadOnlySpan<byte> text = "OrpheanBeholderScryDoubt"u8;
        Span<byte> whole = stackalloc byte[TextBlocks * 8];
        for (int block = 0; block < TextBlocks; block++)
        {
            uint left = BinaryPrimitives.ReadUInt32BigEndian(text[(8 * block)..]);
            uint right = BinaryPrimitives.ReadUInt32BigEndian(text[(8 * block + 4)..]);
            for (int i = 0; i < Encryptions; i++) Encrypt(state, ref left, ref right);
            BinaryPrimitives.WriteUInt32BigEndian(whole[(8 * block)..], left);
            BinaryPrimitives.WriteUInt32BigEndian(whole[(8 * block + 4)..], right);
        }
        whole[..TagBytes].CopyTo(tag);
        CryptographicOperations.ZeroMemory(whole);
    }
}
