using System.Text;
using System.Text.RegularExpressions;

namespace Avouch.Server.Mail;

/// <summary>
/// A text with places to fill in: <c>{{link}}</c>, and <c>{{#name}} … {{/name}}</c> for what is left out where there is no such value. There is no
/// other logic, so a template can neither loop nor read anything that it was not given.
/// </summary>
internal sealed partial class TemplateText
{
    private readonly List<Piece> pieces = [];

    /// <param name="Value">What stands here; <see langword="null"/> for <paramref name="Text"/>.</param>
    /// <param name="Condition">The value without which it is left out.</param>
    private readonly record struct Piece(string Text, string? Value, string? Condition);

    /// <summary>Every value that is named, in conditions too.</summary>
    public IEnumerable<string> Names => pieces.SelectMany(piece => (string?[])[piece.Value, piece.Condition]).OfType<string>().Distinct();

    /// <exception cref="FormatException">It is not of this form; the message says what and in which line.</exception>
    public static TemplateText Parse(string text)
    {
        var template = new TemplateText();
        string? condition = null;
        var from = 0;
        foreach (var mark in Mark().EnumerateMatches(text))
        {
            template.AddText(text, from, mark.Index, condition);
            from = mark.Index + mark.Length;
            var inner = text.AsSpan(mark.Index + 2, mark.Length - 4);
            if (inner[0] == '#' ? condition is not null : inner[0] == '/' && !inner[1..].SequenceEqual(condition)) throw Fault(text, mark.Index, "opens or closes a condition where that cannot be");
            if (inner[0] is not '#' and not '/') template.pieces.Add(new Piece("", inner.ToString(), condition));
            else condition = inner[0] == '#' ? inner[1..].ToString() : null;
        }
        template.AddText(text, from, text.Length, condition);
        return condition is null ? template : throw new FormatException($"{{{{#{condition}}}}} is never closed");
    }

    /// <param name="find">The value of a name; nothing where there is none.</param>
    /// <param name="encode">Makes a value harmless where it stands.</param>
    /// <exception cref="KeyNotFoundException">A value that is not in a condition is missing.</exception>
    public string Fill(Func<string, string?> find, Func<string, string> encode)
    {
        var filled = new StringBuilder();
        foreach (var piece in pieces)
        {
            if (piece.Condition is { } condition && string.IsNullOrEmpty(find(condition))) continue;
            filled.Append(piece.Value is { } name ? encode(find(name) ?? throw new KeyNotFoundException(name)) : piece.Text);
        }
        return filled.ToString();
    }

    private void AddText(string text, int from, int to, string? condition)
    {
        if (text.IndexOf("{{", from, to - from, StringComparison.Ordinal) is var stray and >= 0) throw Fault(text, stray, "begins no placeholder that there is");
        if (to > from) pieces.Add(new Piece(text[from..to], null, condition));
    }

    private static FormatException Fault(string text, int at, string what)
    {
        var line = text.AsSpan(0, at).Count('\n') + 1;
        var shown = text.AsSpan(at, Math.Min(30, text.Length - at)).ToString().Split('\n')[0].TrimEnd();
        return new FormatException($"line {line}: \"{shown}\" {what}");
    }

    [GeneratedRegex(@"\{\{[#/]?[a-z_]+\}\}")]
    private static partial Regex Mark();
}
