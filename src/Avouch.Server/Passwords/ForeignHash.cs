namespace Avouch.Server.Passwords;

/// <summary>
/// Hashes of other systems, for people who come with users: the one door through which such a text comes in. Which forms there are, and what made
/// them, stands in docs/migrate/README.md.
/// </summary>
internal static class ForeignHash
{
    public const string Remedy = "Leave the hash out: the user then sets a new password.";

    private const int MaxTextLength = 512; // Firebase's own form, with its signer key inside, has 280

    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StoredHash? hash) =>
        (hash = Parse(text).Hash) is not null;

    /// <summary>Reads our own form and every other one. What costs more than the caps allow is refused like what is broken, with the reason.</summary>
    public static ParsedHash Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return ParsedHash.Refused("There is no hash.");
        if (text.Length > MaxTextLength) return ParsedHash.Refused("It is longer than any hash.");
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~')) return ParsedHash.Refused("It holds a space or another character that no hash has.");
        return PasswordHash.TryParse(text, out var own) ? own : Parse(text.Split('$'));
    }

    private static ParsedHash Parse(string[] parts) => parts switch
    {
        ["", "argon2id" or "argon2i" or "argon2d", ..] => ForeignArgon2.Parse(parts[1..]),
        ["argon2", .. var inside] => ForeignArgon2.Parse(inside), // Django
        ["", "2a" or "2b" or "2y", ..] => BcryptHash.Parse(parts[1..], BcryptPreparation.None),
        ["bcrypt", "", .. var inside] => BcryptHash.Parse(inside, BcryptPreparation.None), // Django
        ["bcrypt_sha256", "", .. var inside] => BcryptHash.Parse(inside, BcryptPreparation.Sha256Hex), // Django
        ["", "bcrypt-sha256", .. var inside] => BcryptHash.ParsePasslib(inside),
        ["", "2" or "2x", ..] => ParsedHash.Refused($"It comes from a bcrypt with a known fault ($2$, $2x$), under which different passwords match. {Remedy}"),
        ["pbkdf2_sha1" or "pbkdf2_sha256" or "pbkdf2_sha512", ..] => Pbkdf2Hash.ParseDjango(parts),
        ["", "pbkdf2" or "pbkdf2-sha256" or "pbkdf2-sha512", ..] => Pbkdf2Hash.ParsePasslib(parts[1..]),
        ["", "scrypt", .. var inside] => ScryptHash.ParsePasslib(inside),
        ["scrypt", .. var inside] => ScryptHash.ParseDjango(inside),
        ["", "fbscrypt", .. var inside] => FirebaseHash.Parse(inside),
        [var whole] when whole.Contains(':', StringComparison.Ordinal) => ScryptHash.ParseBetterAuth(whole),
        [var whole] => Pbkdf2Hash.ParseIdentity(whole),
        _ => ParsedHash.Refused($"It is of no scheme that is taken here: Argon2, bcrypt, PBKDF2, scrypt. {Remedy}"),
    };
}
