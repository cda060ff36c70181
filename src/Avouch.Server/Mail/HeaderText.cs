namespace Avouch.Server.Mail;

/// <summary>
/// Text in a header of a mail. Whatever comes in, one header comes out: plain where every program reads that, else encoded words (RFC 2047), which hold
/// nothing but letters, digits and a few signs.
/// </summary>
internal static class HeaderText
{
    /// <summary>With the name of the header before it, a line stays within the 78 letters of RFC 5322 §2.1.1.</summary>
    private const int MaxPlain = 60;

    /// <summary>A line with an encoded word has at most 76 letters (RFC 2047 §2): twelve around its base64, nine of "Subject: " before it.</summary>
    private const int MaxEncodedBytes = 39;

    public static string Unstructured(string text) => IsPlain(text) ? text : Encode(text);

    /// <summary>The name beside an address: quoted (RFC 5322 §3.2.4).</summary>
    public static string Phrase(string text) => IsPlain(text) ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : Encode(text);

    private static bool IsPlain(string text) => text.Length <= MaxPlain && text.Trim() == text && text.All(letter => letter is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal);

    /// <summary>A letter is never divided between two words: each must be readable alone (RFC 2047 §5).</summary>
    private static string Encode(string text)
    {
        var words = new List<string>();
        var word = new List<byte>(MaxEncodedBytes);
        var bytes = new byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(bytes);
            if (word.Count + count > MaxEncodedBytes) End();
            word.AddRange(bytes[..count]);
        }
        End();
        return string.Join("\r\n ", words);

        void End()
        {
            words.Add($"=?UTF-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }
}
