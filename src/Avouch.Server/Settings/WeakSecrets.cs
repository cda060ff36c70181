namespace Avouch.Server.Settings;

/// <summary>
/// Secrets that decode well and that somebody can guess: printed in tutorials, made of words, or patterns. Each rule refuses fewer than one random key
/// in a million.
/// </summary>
internal static class WeakSecrets
{
    /// <summary>Of 32 random bytes about 30 differ.</summary>
    private const int MinDistinctBytes = 16;

    /// <summary>Of the 43 letters that 32 random bytes make in base64, about 17 are of each case.</summary>
    private const int MinOfEachCase = 3;

    private static readonly (string Text, string Source)[] Published =
    [
        ("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", "the tutorial of FastAPI"),
        ("db3OIsj+BXE9NZDy0t8W3TcNekrF+2d/1sFnWG4HnV8TZY30iTOdtVWJG8abWvB1GlOgJuQZdcF2Luqm/hccMw==", "a sample for tokens in C# that many projects have copied"),
        ("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", "RFC 7515, appendix A.1"),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "every table of hashes: SHA-256 of nothing"),
        ("5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8", "every table of hashes: SHA-256 of \"password\""),
        ("2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "every table of hashes: SHA-256 of \"secret\""),
    ];

    /// <summary>Six letters at least: random base64 holds one of these once in millions of keys.</summary>
    private static readonly string[] Words = ["secret", "password", "change", "example", "default", "production", "insecure", "placeholder"];

    /// <summary>Why a secret can be guessed; <see langword="null"/> where nothing tells so.</summary>
    public static string? Find(string text, byte[] bytes)
    {
        if (Array.Find(Published, one => Decode(one.Text).AsSpan().SequenceEqual(bytes)).Source is { } source) return $"is known to everybody: it is in {source}";
        if (!text.All(char.IsAsciiHexDigit) && IsProse(text)) return "is made of words, not of random bytes";
        if (bytes.Distinct().Count() < MinDistinctBytes) return "is made of a few repeated bytes";
        if (IsPattern(bytes)) return "is a pattern, not random";
        if (bytes.All(IsPrintable)) return "is encoded text, not random bytes";
        return null;
    }

    private static byte[] Decode(string text) => text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));

    /// <summary>A piece that repeats, or bytes that count up or down.</summary>
    private static bool IsPattern(byte[] bytes)
    {
        for (var period = 1; period <= bytes.Length / 2; period++)
            if (bytes.AsSpan(period).SequenceEqual(bytes.AsSpan(0, bytes.Length - period)))
                return true;
        var step = (byte)(bytes[1] - bytes[0]);
        return step is 1 or byte.MaxValue && Enumerable.Range(1, bytes.Length - 1).All(i => (byte)(bytes[i] - bytes[i - 1]) == step);
    }

    private static bool IsPrintable(byte value) => value is (>= 0x20 and < 0x7f) or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private static bool IsProse(string text) =>
        text.Count(char.IsAsciiLetterUpper) < MinOfEachCase || text.Count(char.IsAsciiLetterLower) < MinOfEachCase
        || Words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
