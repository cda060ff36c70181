namespace Avouch.Server.Settings;

/// <summary>A secret as people write it: at least 32 random bytes, in hex or base64 (either alphabet, padding optional).</summary>
internal static class SecretText
{
    public const int MinBytes = 32;

    /// <summary>From so many bytes on, something that decodes is rather a secret than the name of a file.</summary>
    private const int TellingBytes = 12;

    private const string Remedy = "Use at least 32 random bytes, for example the output of: openssl rand -hex 32.";

    public static byte[]? Read(SettingsReader reader, string name, string? text)
    {
        if (text is null) return null;
        if (FindFault(text, out var bytes) is { } reason) reader.Fault(name, "(secret)", reason, Remedy);
        return bytes;
    }

    /// <summary>Several secrets, separated by commas.</summary>
    public static IReadOnlyList<byte[]> ReadList(SettingsReader reader, string name, string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => Read(reader, name, one)!)];

    /// <summary>Why this is no secret; <see langword="null"/> where it is one. Never repeats it.</summary>
    public static string? FindFault(string text, out byte[] bytes)
    {
        if (!TryDecode(text, out bytes)) return "is neither hex nor base64 as a program writes it";
        if (bytes.Length < MinBytes) return $"has only {bytes.Length} bytes";
        return WeakSecrets.Find(text, bytes);
    }

    /// <summary>
    /// Whether this can be shown as the name of a file. In doubt it cannot: a key that was put where its file's name belongs must not end up in a log.
    /// </summary>
    public static bool IsPath(string text)
    {
        var folder = Path.GetDirectoryName(text);
        if (folder is { Length: > 1 } && Directory.Exists(folder)) return true;
        if (TryDecode(text, out var bytes) && bytes.Length >= TellingBytes) return false;
        return Path.IsPathRooted(text) || text.StartsWith('.') || text.StartsWith('~') || Path.HasExtension(text);
    }

    /// <summary>Only canonical base64 (RFC 4648 §3.5): what a person has made up seldom is, and no program writes anything else.</summary>
    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit))
        {
            bytes = Convert.FromHexString(text);
            return true;
        }
        var base64 = text.ReplaceLineEndings("").Replace('-', '+').Replace('_', '/').TrimEnd('=');
        base64 = base64.PadRight((base64.Length + 3) / 4 * 4, '=');
        var buffer = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, buffer, out var written)) return false;
        bytes = buffer[..written];
        return Convert.ToBase64String(bytes) == base64;
    }
}
