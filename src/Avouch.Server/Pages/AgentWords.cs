using System.Text.RegularExpressions;

namespace Avouch.Server.Pages;

/// <summary>A browser or an app, and what it runs on, as people call them.</summary>
/// <param name="System">Nothing where it is not known.</param>
internal sealed record Agent(string Name, string? System)
{
    /// <summary>In the language of whoever reads.</summary>
    public string In(PageLanguage language) => System is null ? language[Name] : language.Format("{0} on {1}", language[Name], System);
}

/// <summary>
/// Reads what browsers call themselves, to tell one's own devices apart and for nothing else: anybody may send anything. Most claim to be others as well,
/// so the first that fits counts.
/// </summary>
internal static partial class AgentWords
{
    public const string Unknown = "Unknown browser";

    private const string Robot = "A robot";

    private static readonly (string Part, string Name)[] Names =
    [
        ("bot/", Robot), ("bot;", Robot), ("bot)", Robot), ("bot-", Robot), ("spider", Robot), ("crawler", Robot), ("Slurp", Robot),
        ("curl/", "curl"), ("Wget/", "Wget"), ("python-requests", "A Python program"), ("python-httpx", "A Python program"), ("aiohttp", "A Python program"), ("Python-urllib", "A Python program"),
        ("okhttp", "An Android app"), ("Dalvik/", "An Android app"), ("CFNetwork/", "An Apple app"), ("Go-http-client", "A Go program"), ("PostmanRuntime", "Postman"),
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edge/", "Edge"), ("OPR/", "Opera"), ("OPT/", "Opera"), ("OPiOS/", "Opera"), ("Opera", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
        ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex Browser"), ("DuckDuckGo/", "DuckDuckGo"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Chromium/", "Chromium"),
        ("Version/", "Safari"), ("Trident/", "Internet Explorer"), ("MSIE ", "Internet Explorer"),
    ];

    private static readonly (string Part, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Macintosh", "macOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"), ("X11", "Linux"),
    ];

    /// <summary>Every name that is a word of a language, for the test of the languages.</summary>
    public static IEnumerable<string> Words => Names.Select(name => name.Name).Where(name => name.StartsWith("A ", StringComparison.Ordinal) || name.StartsWith("An ", StringComparison.Ordinal)).Append(Unknown).Distinct();

    public static Agent Of(string? agent)
    {
        var name = Find(Names, agent) ?? FindProduct(agent);
        return name == "Safari" && !agent!.Contains("Safari/", StringComparison.Ordinal) ? new Agent(Unknown, Find(Systems, agent)) : new Agent(name ?? Unknown, Find(Systems, agent));
    }

    /// <summary>An app that says its own name and nothing that we know: the product before its version (RFC 9110 §10.1.5), in plain letters.</summary>
    private static string? FindProduct(string? agent) =>
        agent is not null && Product().Match(agent) is { Success: true } match && match.Groups[1].Value != "Mozilla" ? match.Groups[1].Value : null;

    [GeneratedRegex("^([A-Za-z][A-Za-z0-9._-]{1,31})/[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Product();

    private static string? Find((string Part, string Name)[] table, string? agent) =>
        agent is null ? null : Array.Find(table, entry => agent.Contains(entry.Part, StringComparison.OrdinalIgnoreCase)).Name;
}
