using System.Text;
using System.Text.RegularExpressions;

namespace Avouch.Server.Mail;

/// <summary>
/// A mail that <see cref="MimeMessage"/> wrote, read again for people. It reads that form and no other: the files are ours.
/// </summary>
internal sealed partial record StoredMail(string Date, string From, string To, string Subject, string Text, string Html)
{
    /// <exception cref="FormatException">It is not a mail of ours.</exception>
    public static StoredMail Read(string raw)
    {
        var parts = raw.Split("\r\n\r\n", 2);
        var headers = parts[0].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n");
        if (parts.Length < 2 || Boundary().Match(Find(headers, "Content-Type")) is not { Success: true } boundary) throw new FormatException("This is not a mail that was written here.");
        var pieces = parts[1].Split($"--{boundary.Groups[1].Value}");
        return pieces.Length < 3
            ? throw new FormatException("This mail is not whole.")
            : new StoredMail(Find(headers, "Date"), Decode(Find(headers, "From")), Find(headers, "To"), Decode(Find(headers, "Subject")), Content(pieces[1]), Content(pieces[2]));
    }

    private static string Find(string[] headers, string name) =>
        headers.FirstOrDefault(header => header.StartsWith(name + ": ", StringComparison.Ordinal)) is { } header ? header[(name.Length + 2)..] : "";

    private static string Content(string part) => QuotedPrintable.Decode(part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).ReplaceLineEndings("\n");

    /// <summary>Spaces between two encoded words do not count (RFC 2047 §6.2).</summary>
    private static string Decode(string header) =>
        EncodedWord().Replace(BetweenWords().Replace(header, "?=$1"), match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value)));

    [GeneratedRegex("boundary=\"([^\"]+)\"")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"=\?UTF-8\?B\?([A-Za-z0-9+/=]+)\?=")]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=\s+(=\?UTF-8\?B\?)")]
    private static partial Regex BetweenWords();
}
