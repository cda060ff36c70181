using System.Text;

namespace Avouch.Server.Mail;

/// <summary>RFC 2045 §6.7: text that survives every server, and that a person can still read in the raw mail. Lines end in CRLF and have at most 76 letters.</summary>
internal static class QuotedPrintable
{
    private const int MaxLine = 76;

    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + text.Length / 8);
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            AddLine(encoded, Encoding.UTF8.GetBytes(line));
            encoded.Append("\r\n");
        }
        return encoded.ToString();
    }

    public static string Decode(string encoded)
    {
        var bytes = new List<byte>(encoded.Length);
        var text = encoded.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            bytes.Add(text[i] == '=' ? Convert.FromHexString(text.AsSpan(i + 1, 2))[0] : (byte)text[i]);
            if (text[i] == '=') i += 2;
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static void AddLine(StringBuilder encoded, byte[] line)
    {
        var length = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var isLast = i == line.Length - 1;
            var isPlain = line[i] is > (byte)' ' and <= (byte)'~' and not (byte)'=' || (line[i] == ' ' && !isLast);
            var width = isPlain ? 1 : 3;
            if (length + width > MaxLine - (isLast ? 0 : 1))
            {
                encoded.Append("=\r\n");
                length = 0;
            }
            length += width;
            if (isPlain) encoded.Append((char)line[i]);
            else encoded.Append('=').Append(Convert.ToHexString(line, i, 1));
        }
    }
}
