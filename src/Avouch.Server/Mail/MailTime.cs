using System.Globalization;
using System.Text.RegularExpressions;

namespace Avouch.Server.Mail;

/// <summary>A moment in a letter: kept exact until the language of the mail is known. We do not know where people live, so it is shown in UTC.</summary>
internal static partial class MailTime
{
    /// <summary>As <see cref="Letter.Values"/> hold it.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Read(string? value) =>
        DateTimeOffset.TryParseExact(value, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>The day as a letter in that language has it, without the weekday, and the minute.</summary>
    public static string Show(DateTimeOffset time, string language) => ShowDay(time, language) + time.UtcDateTime.ToString(", HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The day alone.</summary>
    public static string ShowDay(DateTimeOffset time, string language)
    {
        var culture = MailLanguage.CultureOf(language);
        var day = Weekday().Replace(culture.DateTimeFormat.LongDatePattern, "").Trim(' ', ',', '،');
        return time.UtcDateTime.ToString(day, culture);
    }

    [GeneratedRegex(@"dddd?\p{P}?\s*")]
    private static partial Regex Weekday();
}
