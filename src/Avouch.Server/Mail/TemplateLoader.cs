namespace Avouch.Server.Mail;

/// <summary>
/// Reads all templates and finds everything that is wrong with them, before any mail has to be sent. A placeholder that nobody fills in, or a reset
/// mail without its link, would else be noticed by the people who get it.
/// </summary>
internal sealed class TemplateLoader
{
    private const string SubjectMark = "Subject: ";

    private static readonly string[] OfLayout = ["language", "direction", "subject", MailValue.Service, "content"];

    private readonly Dictionary<string, (string Text, string Origin)> files = [];

    /// <summary>Each with the file that it is about.</summary>
    public List<(string File, string Reason)> Faults { get; } = [];

    /// <param name="folder">The operator's own; nothing for ours alone.</param>
    /// <returns>Nothing where there are faults.</returns>
    public MailTemplates? Load(string? folder)
    {
        foreach (var name in TemplateFiles.BuiltIn) files[name] = (TemplateFiles.ReadBuiltIn(name), name);
        if (folder is not null) Overlay(folder);
        var layout = ParseLayout();
        var languages = new Dictionary<string, IReadOnlyDictionary<string, MailWords>>();
        foreach (var language in files.Keys.Where(name => name != TemplateFiles.Layout).GroupBy(name => name.Split('/')[0]))
            languages[language.Key.ToLowerInvariant()] = Words(language.Key, [.. language.Select(name => Path.GetFileNameWithoutExtension(name)).Distinct()]);
        return Faults.Count == 0 ? new MailTemplates(layout!, languages) : null;
    }

    private void Overlay(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Fault(folder, "is no folder that is there");
            return;
        }
        try
        {
            foreach (var (name, text) in TemplateFiles.In(folder))
                if (FindStray(name) is { } stray) Fault(Path.Combine(folder, name), stray);
                else files[Canonical(name)] = (text, Path.Combine(folder, name));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or System.Text.DecoderFallbackException)
        {
            Fault(folder, $"cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>A file that would never be used is a slip: somebody believes that it is.</summary>
    private static string? FindStray(string name)
    {
        if (name == TemplateFiles.Layout) return null;
        var parts = name.Split('/');
        if (parts.Length != 2) return $"does not lie in the folder of a language, such as {MailLanguage.Default}/{MailTemplate.ResetPassword}.txt";
        if (!MailLanguage.IsTag(parts[0])) return $"lies in \"{parts[0]}\", which is no language tag such as de or pt-BR";
        return MailTemplate.All.Contains(Path.GetFileNameWithoutExtension(name)) ? null : $"is no mail that there is. There are: {string.Join(", ", MailTemplate.All)}";
    }

    private string Canonical(string name) => files.Keys.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;

    private TemplateText? ParseLayout()
    {
        var (text, origin) = files[TemplateFiles.Layout];
        var layout = Parse(text, origin, OfLayout);
        if (layout is not null && !layout.Names.Contains("content")) Fault(origin, "does not hold {{content}}, where the mail itself belongs");
        return layout;
    }

    private Dictionary<string, MailWords> Words(string language, List<string> templates)
    {
        var words = new Dictionary<string, MailWords>();
        foreach (var template in templates)
            if (Words(language, template) is { } one) words[template] = one;
        return words;
    }

    private MailWords? Words(string language, string template)
    {
        if (Find(language, template, "txt") is not { } text || Find(language, template, "html") is not { } html) return null;
        string[] allowed = [.. MailTemplate.ValuesOf(template), MailValue.Name, MailValue.Service];
        var lines = text.Text.ReplaceLineEndings("\n").Split('\n', 2);
        if (!lines[0].StartsWith(SubjectMark, StringComparison.Ordinal) || lines.Length < 2) Fault(text.Origin, $"does not begin with a line \"{SubjectMark}…\"");
        var subject = Parse(lines[0].Length > SubjectMark.Length ? lines[0][SubjectMark.Length..] : "", text.Origin, allowed);
        var body = Parse(lines[^1].TrimStart('\n'), text.Origin, allowed);
        var page = Parse(html.Text.ReplaceLineEndings("\n"), html.Origin, allowed);
        if (subject is null || body is null || page is null) return null;
        if (!allowed.Contains(MailValue.Link)) return new MailWords(language, subject, body, page);
        if (!body.Names.Contains(MailValue.Link)) Fault(text.Origin, "does not hold {{link}}, without which the mail is of no use");
        if (!page.Names.Contains(MailValue.Link)) Fault(html.Origin, "does not hold {{link}}, without which the mail is of no use");
        return new MailWords(language, subject, body, page);
    }

    private (string Text, string Origin)? Find(string language, string template, string part)
    {
        if (files.TryGetValue($"{language}/{template}.{part}", out var file)) return file;
        var other = files[$"{language}/{template}.{(part == "txt" ? "html" : "txt")}"].Origin;
        Fault(other, $"stands alone: a mail has two parts, and {template}.{part} is missing beside it");
        return null;
    }

    private TemplateText? Parse(string text, string origin, string[] allowed)
    {
        try
        {
            var template = TemplateText.Parse(text);
            foreach (var name in template.Names.Where(name => !allowed.Contains(name)))
                Fault(origin, $"names {{{{{name}}}}}, which this mail does not have. It has: {string.Join(", ", allowed)}");
            return template;
        }
        catch (FormatException fault)
        {
            Fault(origin, $"{fault.Message}");
            return null;
        }
    }

    private void Fault(string file, string reason) => Faults.Add((file, reason));
}
