using System.Net;
using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.Harness;

/// <summary>A browser without a screen: keeps cookies, and sends forms of our pages with whatever stands hidden in them.</summary>
internal sealed partial class FormClient(TestServer server) : IDisposable
{
    private readonly TestClient client = server.Client();

    /// <summary>What it keeps.</summary>
    public Dictionary<string, string> Cookies { get; } = [];

    public void Dispose() => client.Dispose();

    public Task<Answer> Open(string path) => Ask(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Opens a page, fills in its form and sends it to where it goes.</summary>
    public async Task<Answer> Send(string page, params (string Name, string Value)[] typed) => await Post((await Open(page)).Text, typed);

    /// <summary>Sends the form of a page that is open.</summary>
    public Task<Answer> Post(string html, params (string Name, string Value)[] typed)
    {
        var hidden = Hidden().Matches(html).Select(field => (Name: field.Groups[1].Value, Value: WebUtility.HtmlDecode(field.Groups[2].Value)));
        return Ask(new HttpRequestMessage(HttpMethod.Post, WebUtility.HtmlDecode(Action().Match(html).Groups[1].Value))
        {
            Content = new FormUrlEncodedContent(hidden.Concat(typed).Select(field => KeyValuePair.Create(field.Name, field.Value))),
            Headers = { { "Sec-Fetch-Site", "same-origin" } },
        });
    }

    /// <summary>The page without what differs each time.</summary>
    public static string Comparable(Answer answer) => Hidden().Replace(answer.Text, "");

    /// <summary>The headers without the clock's.</summary>
    public static string Fields(Answer answer) => string.Join("\n", answer.Headers.Where(header => header.Key is not ("Date" or "Avouch-Reason")).OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}"));

    private async Task<Answer> Ask(HttpRequestMessage request)
    {
        if (Cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var answer = await client.Send(request);
        if (answer.Headers.TryGetValue("Set-Cookie", out var set))
            foreach (Match cookie in SetCookie().Matches(set)) Cookies[cookie.Groups[1].Value] = cookie.Groups[2].Value;
        return answer;
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"[^>]*>")]
    private static partial Regex Hidden();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("(__Host-[a-z-]+)=([^;]*);")]
    private static partial Regex SetCookie();
}
