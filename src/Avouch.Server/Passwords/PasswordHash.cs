using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Avouch.Server.Passwords;

/// <summary>
/// A stored password: <c>$argon2id$v=19$m=19456,t=2,p=1$salt$tag</c>, the string form that the password hashing competition gave to all
/// implementations, so that a database can be taken from one product to another.
/// </summary>
internal sealed record PasswordHash(Argon2Parameters Parameters, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Tag) : StoredHash
{
    public const int SaltBytes = 16; // RFC 9106 §3.1 recommends 128 bits for passwords
    public const int TagBytes = 32;
    public const int MaxMemoryKiB = 128 * 1024;
    public const int MaxParallelism = 16;
    public const int MaxPasses = 64;

    /// <summary>KiB × passes. A stored hash comes from a database, perhaps imported: no row may cost a lane a second.</summary>
    public const int MaxCost = 4 * MaxMemoryKiB;

    private const int MaxTextLength = 256;

    public override HashWork Work => Parameters.Work;

    /// <summary>False for everything that this server would not have written itself, or that costs more than the caps allow.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        if (text is null || text.Length > MaxTextLength) return false;
        if (text.Split('$') is not ["", "argon2id", "v=19", var costs, var salt, var tag]) return false;
        if (!TryReadCosts(costs, out var parameters)) return false;
        if (!IsAffordable(parameters)) return false;
        if (!TryReadBase64(salt, out byte[] saltBytes) || saltBytes.Length is < 8 or > 64) return false;
        if (!TryReadBase64(tag, out byte[] tagBytes) || tagBytes.Length is < 16 or > 64) return false;

        PasswordHash parsed = new(parameters, saltBytes, tagBytes);
        if (parsed.ToString() != text) return false; // leading zeros, stray base64 bits: one hash has one spelling
        hash = parsed;
        return true;
    }

    /// <summary>Within RFC 9106 §3.1 and our own caps.</summary>
    public static bool IsAffordable(Argon2Parameters parameters) =>
        parameters.Parallelism is >= 1 and <= MaxParallelism
        && parameters.Iterations is >= 1 and <= MaxPasses
        && parameters.MemoryKiB >= 8 * parameters.Parallelism
        && parameters.MemoryKiB <= MaxMemoryKiB
        && parameters.MemoryKiB * parameters.Iterations <= MaxCost;

    /// <summary>
    /// True when the settings have risen since this was stored. Lowered settings leave stronger hashes alone; only other lanes, which are no
    /// strength, show a hash of another system, which is made one of ours.
    /// </summary>
    public override bool NeedsRehash(Argon2Parameters current) =>
        Parameters.Type != current.Type
        || Parameters.Version != current.Version
        || Parameters.MemoryKiB < current.MemoryKiB
        || Parameters.Iterations < current.Iterations
        || Parameters.Parallelism != current.Parallelism
        || Salt.Length < SaltBytes
        || Tag.Length < TagBytes;

    public override bool Matches(TypedPassword typed, HashBench bench)
    {
        Span<byte> tag = stackalloc byte[Tag.Length];
        Argon2.Derive(Parameters, new Argon2Input(typed.Bytes, Salt.Span), tag, bench.Arena, bench.Pace);
        return CryptographicOperations.FixedTimeEquals(tag, Tag.Span);
    }

    /// <summary>The text up to the salt.</summary>
    public static string FormOf(Argon2Parameters parameters) => string.Create(
        CultureInfo.InvariantCulture, $"$argon2id$v=19$m={parameters.MemoryKiB},t={parameters.Iterations},p={parameters.Parallelism}$");

    public override string ToString() => $"{FormOf(Parameters)}{Base64(Salt)}${Base64(Tag)}";

    /// <summary>Reads <c>m=…,t=…,p=…</c>, in this order.</summary>
    public static bool TryReadCosts(string text, out Argon2Parameters parameters)
    {
        parameters = default;
        if (text.Split(',') is not [var memory, var iterations, var parallelism]) return false;
        if (!HashText.TryReadNumber(memory, "m=", out int memoryKiB)) return false;
        if (!HashText.TryReadNumber(iterations, "t=", out int passes)) return false;
        if (!HashText.TryReadNumber(parallelism, "p=", out int lanes)) return false;

        parameters = new Argon2Parameters(memoryKiB, passes, lanes);
        return true;
    }

    private static bool TryReadBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        string padded = text + new string('=', (4 - text.Length % 4) % 4);
        if (!Convert.TryFromBase64String(padded, bytes, out int written)) return false;
        bytes = bytes[..written];
        return true;
    }

    private static string Base64(ReadOnlyMemory<byte> bytes) => Convert.ToBase64String(bytes.Span).TrimEnd('=');
}
