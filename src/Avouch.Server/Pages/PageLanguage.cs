using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Avouch.Server.Pages;

/// <summary>
/// One language of our pages. English sentences stand in the pages themselves and are the keys; the files below <c>Languages/</c> hold what they are in
/// another language, one file for each area. A test finds what is missing there, and what no page says any more.
/// </summary>
internal sealed class PageLanguage
{
    private const string Resources = "languages/";

    private readonly FrozenDictionary<string, string> texts;

    private PageLanguage(string code, FrozenDictionary<string, string> texts) => (Code, this.texts, Culture) = (code, texts, CultureInfo.GetCultureInfo(code));

    public static readonly PageLanguage English = new("en", FrozenDictionary<string, string>.Empty);

    public static readonly PageLanguage German = Load("de");

    /// <summary>In the order in which they are offered, each called by its own name.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> All = [("en", "English"), ("de", "Deutsch")];

    /// <summary>BCP 47.</summary>
    public string Code { get; }

    /// <summary>How dates and numbers are written.</summary>
    public CultureInfo Culture { get; }

    public string Direction => Culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    /// <summary>An English sentence in this language; as it is where nobody has translated it.</summary>
    public string this[string english] => texts.GetValueOrDefault(english, english);

    /// <summary>A sentence with gaps: <c>{0}</c> and so on.</summary>
    public string Format(string english, params ReadOnlySpan<object?> values) => string.Format(Culture, this[english], values);

    /// <summary>What is translated.</summary>
    public IEnumerable<string> Keys => texts.Keys;

    /// <summary>By what an account says, or its nearest.</summary>
    public static PageLanguage For(string tag) => Is(tag, German.Code) ? German : English;

    /// <summary>The first language of a browser that we have; English where we have none of them.</summary>
    public static PageLanguage For(HttpContext http)
    {
        if (!StringWithQualityHeaderValue.TryParseList(http.Request.Headers.AcceptLanguage, out var wanted)) return English;
        foreach (var language in wanted.Where(language => language.Quality is not 0).OrderByDescending(language => language.Quality ?? 1))
        {
            if (Is(language.Value.Value, English.Code)) return English;
            if (Is(language.Value.Value, German.Code)) return German;
        }
        return English;
    }

    private static bool Is(string? tag, string language) =>
        tag is not null && tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == language.Length || tag[language.Length] == '-');

    private static PageLanguage Load(string code)
    {
        var assembly = typeof(PageLanguage).Assembly;
        var texts = new Dictionary<string, string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith($"{Resources}{code}/", StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            foreach (var text in JsonDocument.Parse(file).RootElement.EnumerateObject()) texts[text.Name] = text.Value.GetString()!;
        }
        return new PageLanguage(code, texts.ToFrozenDictionary());
    }
}
