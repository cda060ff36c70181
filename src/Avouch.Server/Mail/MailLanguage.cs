using System.Globalization;
using System.Text.RegularExpressions;

namespace Avouch.Server.Mail;

/// <summary>Which language a mail is written in.</summary>
internal static partial class MailLanguage
{
    public const string Default = "en";

    /// <summary>A header of a browser names a handful; what lies behind is not looked at.</summary>
    private const int MaxWishes = 16;

    /// <summary>A tag of RFC 5646, as it may name a folder of templates.</summary>
    public static bool IsTag(string text) => Tag().IsMatch(text);

    /// <summary>
    /// What somebody would like to read, the dearest first: a single tag, or an <c>Accept-Language</c> (RFC 9110 §12.5.4). Each tag is followed by its
    /// shorter forms (RFC 4647 §3.4, look-up): whoever wants <c>de-AT</c> takes <c>de</c>.
    /// </summary>
    public static IEnumerable<string> Wishes(string? locale) =>
        (locale ?? "").Split(',', MaxWishes + 1, StringSplitOptions.TrimEntries).Take(MaxWishes).Select(Read)
            .Where(wish => wish.Weight > 0 && IsTag(wish.Tag)).OrderByDescending(wish => wish.Weight).SelectMany(wish => Shorten(wish.Tag));

    /// <summary>Where the machine knows no such language, times are written as everywhere.</summary>
    public static CultureInfo CultureOf(string language)
    {
        try
        {
            return CultureInfo.GetCultureInfo(language == Default ? "en-GB" : language);
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    private static (string Tag, double Weight) Read(string wish)
    {
        var parts = wish.Split(';', 2, StringSplitOptions.TrimEntries);
        if (parts.Length == 1) return (parts[0], 1);
        var isWeight = Weight().Match(parts[1]) is { Success: true } match
            & double.TryParse(parts[1].AsSpan(parts[1].IndexOf('=', StringComparison.Ordinal) + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight);
        return (parts[0], isWeight ? weight : 0);
    }

    private static IEnumerable<string> Shorten(string tag)
    {
        for (var length = tag.Length; length > 0; length = tag.LastIndexOf('-', length - 1)) yield return tag[..length];
    }

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}\z")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\A[qQ]=(0(\.\d{0,3})?|1(\.0{0,3})?)\z")]
    private static partial Regex Weight();
}
