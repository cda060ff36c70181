using System.Globalization;
using System.Text;

namespace Avouch.Server.Logging;

/// <summary>
/// Text on its way into a log: bounded, and for people without anything that a terminal or an editor would obey. What stands in a path or an agent is
/// chosen by whoever sent it, and must not be able to look like a line of ours (ASVS 16.4.1).
/// </summary>
internal static class LogText
{
    public const int MaxValue = 512;
    public const int MaxMessage = 2048;

    /// <summary>A stack of the depth that is still read.</summary>
    public const int MaxException = 16_384;

    private const char Ellipsis = '…';

    public static string Bound(string text, int max) => text.Length <= max ? text : string.Concat(text.AsSpan(0, max), [Ellipsis]);

    /// <summary>
    /// Control characters (with them ANSI sequences), line and paragraph separators, invisible and direction-changing characters, and halves of
    /// surrogate pairs by their number: <c>\u{1b}</c>.
    /// </summary>
    public static string Escape(string text)
    {
        if (!text.EnumerateRunes().Any(MustEscape)) return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
            if (MustEscape(rune)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else escaped.Append(rune.ToString());
        return escaped.ToString();
    }

    /// <summary>The replacement character is what a lone half of a pair is read as.</summary>
    private static bool MustEscape(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
