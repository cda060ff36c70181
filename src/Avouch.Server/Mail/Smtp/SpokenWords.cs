using System.Text.RegularExpressions;

namespace Avouch.Server.Mail.Smtp;

/// <summary>
/// Servers repeat what they refuse: the address, or a link that a filter did not like. What they said is stored and logged, so neither may stand in it.
/// </summary>
internal static partial class SpokenWords
{
    public static string Clean(string words, OutgoingMail mail) =>
        Link().Replace(words, "(link)").Replace(mail.To.Text, "(address)", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"https?\s*:\S*|\S{40,}", RegexOptions.IgnoreCase)]
    private static partial Regex Link();
}
