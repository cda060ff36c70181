namespace Avouch.Server.Mail;

/// <summary>The words of one mail in one language.</summary>
internal sealed record MailWords(string Language, TemplateText Subject, TemplateText Text, TemplateText Html);

/// <summary>The words of every mail in every language there is, and the page around those in HTML. Read once and never changed.</summary>
internal sealed class MailTemplates(TemplateText layout, IReadOnlyDictionary<string, IReadOnlyDictionary<string, MailWords>> languages)
{
    /// <summary>Language by language, the names of which mails there are.</summary>
    public IEnumerable<(string Language, string Template)> All => languages.SelectMany(language => language.Value.Keys.Select(template => (language.Key, template)));

    public TemplateText Layout => layout;

    /// <summary>The words in the language that somebody would like best, among those that this mail exists in.</summary>
    public MailWords Choose(string template, string? locale) =>
        MailLanguage.Wishes(locale).Select(tag => Find(template, tag)).FirstOrDefault(words => words is not null) ?? Find(template, MailLanguage.Default)!;

    private MailWords? Find(string template, string tag) =>
        languages.TryGetValue(tag.ToLowerInvariant(), out var language) && language.TryGetValue(template, out var words) ? words : null;
}
