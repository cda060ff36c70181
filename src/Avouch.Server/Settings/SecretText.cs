namespace Avouch.Server.Settings;

/// <summary>A secret as people write it: at least 32 random bytes, in hex or base64 (either alphabet, padding optional).</summary>
internal static class SecretText
{
    public const int MinBytes = 32;

    private const string Remedy = "Use at least 32 random bytes, for example the output of: openssl rand -hex 32.";

    public static byte[]? Read(SettingsReader reader, string name, string? text)
    {
        if (text is null) return null;
        if (!TryDecode(text, out var bytes))
            reader.Fault(name, "(secret)", "is neither hex nor base64", Remedy);
        else if (bytes.Length < MinBytes)
            reader.Fault(name, "(secret)", $"has only {bytes.Length} bytes", Remedy);
        else if (bytes.Distinct().Count() < 8)
            reader.Fault(name, "(secret)", "is made of a few repeated bytes", Remedy);
        return bytes;
    }

    /// <summary>Several secrets, separated by commas.</summary>
    public static IReadOnlyList<byte[]> ReadList(SettingsReader reader, string name, string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => Read(reader, name, one)!)];

    internal static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit))
        {
            bytes = Convert.FromHexString(text);
            return true;
        }
        var base64 = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        base64 = base64.PadRight((base64.Length + 3) / 4 * 4, '=');
        var buffer = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, buffer, out var written)) return false;
        bytes = buffer[..written];
        return true;
    }
}
