namespace Avouch.Server.Mail.Smtp;

/// <summary>An answer of a server (RFC 5321 §4.2).</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int MaxShown = 200;

    public bool IsPositive => Code is >= 200 and < 300;

    public bool IsPermanent => Code is >= 500 and < 600;

    /// <summary>The code and the first words, in one line without control characters.</summary>
    public string Show()
    {
        var words = string.Concat(string.Join(' ', Lines).Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return $"{Code} {(words.Length > MaxShown ? words[..MaxShown] + "…" : words)}".TrimEnd();
    }

    /// <summary>The words behind a keyword of EHLO (RFC 5321 §4.1.1.1); nothing where it does not offer that.</summary>
    public string? Find(string keyword) => Lines.Skip(1)
        .Where(line => line.Equals(keyword, StringComparison.OrdinalIgnoreCase) || line.StartsWith(keyword + " ", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[keyword.Length..].Trim()).FirstOrDefault();
}

/// <summary>A conversation that cannot go on: the server is silent, gone, or says what it may not.</summary>
internal sealed class SmtpException(string message, Exception? inner = null) : Exception(message, inner);
