using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Avouch.Server.Passwords;

/// <summary>What is done to a password before bcrypt, against its limit of 72 bytes.</summary>
internal enum BcryptPreparation
{
    None,

    /// <summary>Django's <c>bcrypt_sha256</c>: the digest in hexadecimal.</summary>
    Sha256Hex,

    /// <summary>passlib's <c>bcrypt-sha256</c>, version 1: the digest in base64.</summary>
    Sha256Base64,

    /// <summary>Version 2: keyed with the salt's letters.</summary>
    HmacBase64,
}

/// <summary><c>$2b$12$</c>, 22 letters of salt, 31 letters of hash; also as Django and passlib wrap it.</summary>
internal sealed record BcryptHash(int Cost, bool IsVersionA, string SaltText, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Tag, BcryptPreparation Preparation) : StoredHash
{
    public const int MinCost = 4;
    public const int MaxCost = 14; // about a second

    private const int MaxPreparedBytes = 2 * SHA256.HashSizeInBytes;
    private const int SaltLetters = 22;
    private const int TagLetters = 31;
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    public override HashWork Work => new(WorkKind.Bcrypt, 1L << Cost);

    /// <summary>Reads <c>2b$12$…</c>, split at the dollars.</summary>
    public static ParsedHash Parse(string[] parts, BcryptPreparation preparation)
    {
        if (parts is not [var version and ("2a" or "2b" or "2y"), var costText, var rest] || rest.Length != SaltLetters + TagLetters) return Malformed();
        if (costText.Length != 2) return Malformed();
        return Parse(version, costText, rest[..SaltLetters], rest[SaltLetters..], preparation);
    }

    /// <summary>Reads <c>v=2,t=2b,r=12$salt$tag</c>, or version 1: <c>2b,12$salt$tag</c>.</summary>
    public static ParsedHash ParsePasslib(string[] parts)
    {
        if (parts is not [var head, var salt, var tag]) return Malformed();
        return head.Split(',') switch
        {
            ["v=2", "t=2b", var rounds] when rounds.StartsWith("r=", StringComparison.Ordinal) => Parse("2b", rounds[2..], salt, tag, BcryptPreparation.HmacBase64),
            [var version and ("2a" or "2b"), var rounds] => Parse(version, rounds, salt, tag, BcryptPreparation.Sha256Base64),
            _ => Malformed(),
        };
    }

    public override bool Matches(TypedPassword typed, HashBench bench)
    {
        Span<byte> prepared = stackalloc byte[MaxPreparedBytes];
        int length = Prepare(typed.Bytes, prepared);
        Span<byte> tag = stackalloc byte[Bcrypt.TagBytes];
        Bcrypt.Derive(length == 0 ? typed.Bytes : prepared[..length], Salt.Span, Work.Amount, IsVersionA, tag, bench.Yields);
        CryptographicOperations.ZeroMemory(prepared);
        return CryptographicOperations.FixedTimeEquals(tag, Tag.Span);
    }

    public override bool Covers(TypedPassword typed) => Preparation != BcryptPreparation.None || typed.Bytes.Length <= Bcrypt.MaxPasswordBytes;

    private static ParsedHash Parse(string version, string costText, string saltText, string tagText, BcryptPreparation preparation)
    {
        if (saltText.Length != SaltLetters || tagText.Length != TagLetters) return Malformed();
        if (Decode(saltText) is not { } salt || Decode(tagText) is not { } tag) return Malformed();
        if (!HashText.TryReadNumber(costText, out int cost) || cost is < MinCost or > 31) return Malformed();
        if (cost > MaxCost) return ParsedHash.Refused($"Its bcrypt cost of {cost} is above the limit of {MaxCost}. {ForeignHash.Remedy}");
        return new BcryptHash(cost, version == "2a", saltText, salt.AsMemory(0, Bcrypt.SaltBytes), tag.AsMemory(0, Bcrypt.TagBytes), preparation);
    }

    /// <returns>How many bytes there are to hash; none where the password itself is hashed.</returns>
    private int Prepare(ReadOnlySpan<byte> password, Span<byte> prepared)
    {
        if (Preparation == BcryptPreparation.None) return 0;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (Preparation == BcryptPreparation.HmacBase64) HMACSHA256.HashData(Encoding.ASCII.GetBytes(SaltText), password, digest);
        else SHA256.HashData(password, digest);

        int length;
        if (Preparation == BcryptPreparation.Sha256Hex) Convert.TryToHexStringLower(digest, prepared, out length);
        else Base64.EncodeToUtf8(digest, prepared, out _, out length);
        CryptographicOperations.ZeroMemory(digest);
        return length;
    }

    // The order of the bits is that of base64, only the letters are in another order. Bits beyond the last whole byte are left over.
    private static byte[]? Decode(string text) =>
        text.All(letter => Alphabet.Contains(letter, StringComparison.Ordinal))
            ? HashText.ReadBase64(string.Concat(text.Select(letter => Base64Alphabet[Alphabet.IndexOf(letter, StringComparison.Ordinal)])))
            : null;

    private static ParsedHash Malformed() => ParsedHash.Refused("It is not a bcrypt hash as it should be written: $2b$, two digits of cost, $, and 53 letters.");
}
