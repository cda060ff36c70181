using System.Globalization;

namespace Avouch.Server.Passwords;

/// <summary>The pieces that hashes of other systems are written with.</summary>
internal static class HashText
{
    public static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>A number with its name before it: <c>ln=14</c>.</summary>
    public static bool TryReadNumber(string text, string name, out int number)
    {
        number = 0;
        return text.StartsWith(name, StringComparison.Ordinal) && TryReadNumber(text[name.Length..], out number);
    }

    /// <summary>Base64 with or without its padding, and with passlib's <c>.</c> in the place of <c>+</c>. Null when it is none.</summary>
    public static byte[]? ReadBase64(string text)
    {
        string bare = text.TrimEnd('=').Replace('.', '+');
        byte[] bytes = new byte[bare.Length];
        string padded = bare + new string('=', (4 - bare.Length % 4) % 4);
        return Convert.TryFromBase64String(padded, bytes, out int written) ? bytes[..written] : null;
    }

    public static byte[]? ReadHex(string text) =>
        text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
}
