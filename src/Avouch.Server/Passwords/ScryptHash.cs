using System.Security.Cryptography;
using System.Text;

namespace Avouch.Server.Passwords;

/// <summary>scrypt as better-auth, passlib and Django write it.</summary>
/// <param name="IsNormalized">better-auth hashes the NFKC form of a password, everybody else what was typed.</param>
internal sealed record ScryptHash(ScryptParameters Parameters, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Key, bool IsNormalized) : StoredHash
{
    private const int MinKeyBytes = 16; // less could be met by chance
    private const int MaxKeyBytes = 64;
    private const string MalformedText =
        "It is not a scrypt hash as it should be written: better-auth's salt:key, passlib's $scrypt$ln=…,r=…,p=…$salt$key, or Django's scrypt$N$salt$r$p$key.";

    private static readonly ScryptParameters BetterAuth = new(16_384, 16, 1);

    public override HashWork Work => Parameters.Work;

    /// <summary>better-auth: <c>salt:key</c> in hexadecimal, where the salt's letters are its bytes. The cost is a constant of that library.</summary>
    public static ParsedHash ParseBetterAuth(string text)
    {
        if (text.Split(':') is not [var salt, var key]) return Malformed();
        if (HashText.ReadHex(salt) is null || HashText.ReadHex(key) is not { Length: 64 } keyBytes) return Malformed();
        return new ScryptHash(BetterAuth, Encoding.ASCII.GetBytes(salt), keyBytes, IsNormalized: true);
    }

    /// <summary>passlib: <c>ln=16,r=8,p=1$salt$key</c>.</summary>
    public static ParsedHash ParsePasslib(string[] parts)
    {
        if (parts is not [var costs, var salt, var key]) return Malformed();
        if (costs.Split(',') is not [var ln, var r, var p]) return Malformed();
        if (!HashText.TryReadNumber(ln, "ln=", out int log) || log is < 1 or > 30) return Malformed();
        if (!HashText.TryReadNumber(r, "r=", out int size) || !HashText.TryReadNumber(p, "p=", out int lanes)) return Malformed();
        return Make(new ScryptParameters(1 << log, size, lanes), HashText.ReadBase64(salt), HashText.ReadBase64(key));
    }

    /// <summary>Django: <c>N$salt$r$p$base64</c>, where the salt's letters are its bytes.</summary>
    public static ParsedHash ParseDjango(string[] parts)
    {
        if (parts is not [var n, var salt, var r, var p, var key]) return Malformed();
        if (!HashText.TryReadNumber(n, out int count) || !HashText.TryReadNumber(r, out int size) || !HashText.TryReadNumber(p, out int lanes)) return Malformed();
        return Make(new ScryptParameters(count, size, lanes), Encoding.UTF8.GetBytes(salt), HashText.ReadBase64(key));
    }

    public static string? FindFault(ScryptParameters parameters)
    {
        if (!parameters.IsPossible) return MalformedText;
        return parameters.IsAffordable ? null
            : $"Its scrypt cost is above the limit of {PasswordHash.MaxMemoryKiB / 1024} MiB of memory (128 × N × r), or {PasswordHash.MaxCost / 1024} MiB in all (× p). {ForeignHash.Remedy}";
    }

    public override bool Matches(TypedPassword typed, HashBench bench)
    {
        int length = 0;
        byte[]? normalized = IsNormalized ? Normalize(typed.Text, out length) : null;
        Span<byte> key = stackalloc byte[Key.Length];
        Scrypt.Derive(Parameters, normalized is null ? typed.Bytes : normalized.AsSpan(0, length), Salt.Span, key, bench);
        CryptographicOperations.ZeroMemory(normalized);
        return CryptographicOperations.FixedTimeEquals(key, Key.Span);
    }

    // Half a surrogate pair and U+FFFE have no normal form here: they stay as they are, and match nothing that better-auth has hashed.
    private static byte[]? Normalize(string text, out int length)
    {
        length = 0;
        bool isPlain = !PasswordBytes.HasLoneSurrogate(text) && !text.Contains('\uFFFE', StringComparison.Ordinal);
        return isPlain ? PasswordBytes.Encode(text.Normalize(NormalizationForm.FormKC), out length) : null;
    }

    private static ParsedHash Make(ScryptParameters parameters, byte[]? salt, byte[]? key)
    {
        if (salt is null || key is not { Length: >= MinKeyBytes and <= MaxKeyBytes }) return Malformed();
        return FindFault(parameters) is { } fault ? ParsedHash.Refused(fault) : new ScryptHash(parameters, salt, key, IsNormalized: false);
    }

    private static ParsedHash Malformed() => ParsedHash.Refused(MalformedText);
}
