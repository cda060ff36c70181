using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Avouch.Server.Passwords;

/// <summary>
/// PBKDF2 (RFC 8018) of Django, passlib and ASP.NET Core Identity. The platform derives it in one call, which gives its core away only when the
/// system takes it.
/// </summary>
internal sealed record Pbkdf2Hash(WorkKind Kind, int Iterations, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Key) : StoredHash
{
    public const int MaxIterations = 2_000_000;

    private const int MinKeyBytes = 16; // less could be met by chance
    private const int MaxKeyBytes = 64;
    private const int IdentityHeaderBytes = 13;

    public override HashWork Work => new(Kind, (long)Iterations * ((Key.Length + DigestBytes(Kind) - 1) / DigestBytes(Kind)));

    /// <summary>Django: <c>pbkdf2_sha256$iterations$salt$base64</c>, where the salt's letters are its bytes.</summary>
    public static ParsedHash ParseDjango(string[] parts)
    {
        if (parts is not [var name, var iterations, var salt, var key]) return Malformed();
        return Make(KindOf(name["pbkdf2_".Length..]), iterations, Encoding.UTF8.GetBytes(salt), HashText.ReadBase64(key));
    }

    /// <summary>passlib: <c>pbkdf2-sha256$iterations$salt$key</c> in its own base64; without a suffix it is SHA-1.</summary>
    public static ParsedHash ParsePasslib(string[] parts)
    {
        if (parts is not [var name, var iterations, var salt, var key]) return Malformed();
        return Make(KindOf(name == "pbkdf2" ? "sha1" : name["pbkdf2-".Length..]), iterations, HashText.ReadBase64(salt), HashText.ReadBase64(key));
    }

    /// <summary>
    /// ASP.NET Core Identity: base64 of a marker byte and what belongs to it. Version 2: 0, 16 bytes of salt, 32 of key, 1000 iterations of SHA-1.
    /// Version 3: 1, then three big-endian numbers (function, iterations, length of the salt), salt, key.
    /// </summary>
    public static ParsedHash ParseIdentity(string text)
    {
        byte[]? blob = HashText.ReadBase64(text);
        return blob switch
        {
            [0, ..] when blob.Length == 1 + 16 + 32 => Make(WorkKind.Pbkdf2Sha1, 1000, blob[1..17], blob[17..]),
            [1, ..] when blob.Length > IdentityHeaderBytes => ParseIdentityThree(blob),
            _ => ParsedHash.Refused($"It is of no scheme that is taken here: Argon2, bcrypt, PBKDF2, scrypt. {ForeignHash.Remedy}"),
        };
    }

    public override bool Matches(TypedPassword typed, HashBench bench)
    {
        Span<byte> key = stackalloc byte[Key.Length];
        Derive(Kind, Iterations, typed.Bytes, Salt.Span, key);
        return CryptographicOperations.FixedTimeEquals(key, Key.Span);
    }

    public static void Derive(WorkKind kind, int iterations, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> key) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, key, iterations, kind switch
        {
            WorkKind.Pbkdf2Sha1 => HashAlgorithmName.SHA1,
            WorkKind.Pbkdf2Sha256 => HashAlgorithmName.SHA256,
            WorkKind.Pbkdf2Sha512 => HashAlgorithmName.SHA512,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This is no PBKDF2."),
        });

    public static int DigestBytes(WorkKind kind) => kind switch
    {
        WorkKind.Pbkdf2Sha1 => SHA1.HashSizeInBytes,
        WorkKind.Pbkdf2Sha256 => SHA256.HashSizeInBytes,
        _ => SHA512.HashSizeInBytes,
    };

    private static WorkKind KindOf(string function) => function switch
    {
        "sha1" => WorkKind.Pbkdf2Sha1,
        "sha256" => WorkKind.Pbkdf2Sha256,
        _ => WorkKind.Pbkdf2Sha512,
    };

    private static ParsedHash ParseIdentityThree(byte[] blob)
    {
        uint function = BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(1));
        uint iterations = BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(5));
        uint saltBytes = BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(9));
        if (function > 2 || saltBytes is < 16 or > 128 || blob.Length < IdentityHeaderBytes + saltBytes) return Malformed();

        int keyStart = IdentityHeaderBytes + (int)saltBytes;
        return Make(WorkKind.Pbkdf2Sha1 + (int)function, (int)Math.Min(iterations, int.MaxValue), blob[IdentityHeaderBytes..keyStart], blob[keyStart..]);
    }

    private static ParsedHash Make(WorkKind kind, string iterations, byte[]? salt, byte[]? key) =>
        HashText.TryReadNumber(iterations, out int number) ? Make(kind, number, salt, key) : Malformed();

    private static ParsedHash Make(WorkKind kind, int iterations, byte[]? salt, byte[]? key)
    {
        if (iterations < 1 || salt is null || key is not { Length: >= MinKeyBytes and <= MaxKeyBytes }) return Malformed();
        if (iterations > MaxIterations) return ParsedHash.Refused($"Its {iterations} iterations of PBKDF2 are above the limit of {MaxIterations}. {ForeignHash.Remedy}");
        return new Pbkdf2Hash(kind, iterations, salt, key);
    }

    private static ParsedHash Malformed() => ParsedHash.Refused(
        "It is not a PBKDF2 hash as it should be written: Django's pbkdf2_sha256$…, passlib's $pbkdf2-sha256$…, or the base64 text of ASP.NET Core Identity.");
}
