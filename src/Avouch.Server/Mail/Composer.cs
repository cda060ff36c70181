using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Avouch.Server.Mail;

/// <summary>Makes a mail of a letter: chooses the language, fills the template in.</summary>
internal sealed partial class Composer(MailSettings settings)
{
    /// <summary>A greeting is short; what is longer is a message of somebody else's.</summary>
    private const int MaxName = 64;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    /// <returns>The mail, or in one sentence why there cannot be one.</returns>
    public (OutgoingMail? Mail, string? Fault) Compose(Guid id, DateTimeOffset date, Letter letter)
    {
        if (!MailTemplate.All.Contains(letter.Template)) return (null, $"There is no mail {Flatten(letter.Template)}.");
        if (EnvelopeAddress.Of(letter.To) is not { } to) return (null, "The address cannot be given to a mail server.");
        var words = settings.Templates.Choose(letter.Template, letter.Locale);
        try
        {
            return (Fill(words, new OutgoingMail(id, date, letter.Template, words.Language, to, "", "", ""), letter), null);
        }
        catch (KeyNotFoundException missing)
        {
            return (null, $"The template {letter.Template} ({words.Language}) needs the value {missing.Message}, which this letter does not have.");
        }
    }

    private OutgoingMail Fill(MailWords words, OutgoingMail mail, Letter letter)
    {
        string? Find(string name) => Value(letter, name, words.Language);
        var subject = Flatten(words.Subject.Fill(Find, Flatten));
        var content = words.Html.Fill(Find, Html.Encode);
        var page = settings.Templates.Layout.Fill(name => name == "content" ? content : OfLayout(name, words.Language, subject), static value => value);
        return mail with { Subject = subject, Text = words.Text.Fill(Find, Flatten), Html = page };
    }

    private string OfLayout(string name, string language, string subject) => Html.Encode(name switch
    {
        "language" => language,
        "direction" => MailLanguage.CultureOf(language).TextInfo.IsRightToLeft ? "rtl" : "ltr",
        "subject" => subject,
        _ => settings.FromName,
    });

    private string? Value(Letter letter, string name, string language)
    {
        if (name == MailValue.Service) return settings.FromName;
        var value = letter.Values.GetValueOrDefault(name);
        if (name == MailValue.Name) return value is not null && IsName(value) ? Flatten(value) : "";
        if (MailValue.Times.Contains(name) && MailTime.Read(value) is { } time) return MailTime.Show(time, language);
        return value is null ? null : Flatten(value);
    }

    /// <summary>
    /// Anybody can sign up with somebody else's address and call themselves "You have won, see example.com". Mail programs make a link of that, in a
    /// mail that is really ours. Whoever is called like an address is greeted without a name.
    /// </summary>
    private static bool IsName(string value) => value.Length <= MaxName && !LooksLikeLink().IsMatch(value);

    /// <summary>One line: whatever would break it becomes a space.</summary>
    private static string Flatten(string value) => string.Concat(value.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter));

    [GeneratedRegex(@"[:/\\@]|www\.|[\p{L}\p{N}][.。．｡]\p{L}{2}", RegexOptions.IgnoreCase)]
    private static partial Regex LooksLikeLink();
}
