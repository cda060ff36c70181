using System.Net;
using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.Harness;

/// <summary>
/// A browser without a screen: keeps cookies, says where a request comes from, reads forms out of HTML. For what is tried a hundred times, and for what
/// no real browser would send.
/// </summary>
internal sealed partial class PlainBrowser(TestClient client)
{
    public const string Session = "__Host-avouch-session";
    public const string Visitor = "__Host-avouch-visitor";

    public Dictionary<string, string> Jar { get; } = [];

    public Task<Answer> Get(string path, params (string Name, string? Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Head(string path) => Send(HttpMethod.Head, path, null);

    /// <summary>Sends a form as this site's own pages do, unless the headers say otherwise; one that is empty is left out.</summary>
    public Task<Answer> Post(string path, IEnumerable<(string Name, string Value)> fields, params (string Name, string? Value)[] headers) =>
        Send(HttpMethod.Post, path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), [("Sec-Fetch-Site", "same-origin"), .. headers]);

    /// <summary>Opens a page and sends its form to <paramref name="action"/>, with these fields in the place of its own.</summary>
    public async Task<Answer> Fill(string path, string action, params (string Name, string Value)[] fields) =>
        await Post(action, [.. HiddenFields((await Get(path)).Text, action), .. fields]);

    /// <summary>The hidden fields of the form that goes to a path.</summary>
    public static List<(string Name, string Value)> HiddenFields(string html, string action)
    {
        var form = Form().Matches(html).SingleOrDefault(match => WebUtility.HtmlDecode(match.Groups[1].Value) == action);
        Assert.True(form is not null, $"There is no form that goes to {action} in {html}");
        return [.. Hidden().Matches(form.Groups[2].Value).Select(match => (match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value)))];
    }

    /// <summary>The token of the form on a page.</summary>
    public async Task<string> Token(string path, string action) => HiddenFields((await Get(path)).Text, action).Single(field => field.Name == "form").Value;

    public Task<Answer> SignIn(string name, string password = TestClient.Password, string? returnTo = null) =>
        Fill("/sign-in", "/sign-in", [("username", name), ("password", password), .. returnTo is null ? (IEnumerable<(string, string)>)[] : [("return_to", returnTo)]]);

    /// <summary>Signs in, and must be let in.</summary>
    public async Task<PlainBrowser> Enter(string name, string password = TestClient.Password)
    {
        var answer = await SignIn(name, password);
        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (answer.Status, answer.Headers.GetValueOrDefault("Location")));
        return this;
    }

    /// <summary>Whether the account opens, or leads to the sign-in.</summary>
    public async Task<bool> IsIn()
    {
        var answer = await Get("/account");
        if (answer.Status == HttpStatusCode.OK) return true;
        Assert.Equal((HttpStatusCode.SeeOther, "/sign-in?return_to=%2Faccount"), (answer.Status, answer.Headers["Location"]));
        return false;
    }

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        }
        if (!request.Headers.Contains("Accept")) request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        if (Jar.Count > 0) request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Jar.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var answer = await client.Send(request);
        foreach (Match cookie in Cookie().Matches(answer.Headers.GetValueOrDefault("Set-Cookie") ?? ""))
            if (cookie.Groups[2].Length == 0) Jar.Remove(cookie.Groups[1].Value);
            else Jar[cookie.Groups[1].Value] = cookie.Groups[2].Value;
        return answer;
    }

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\"[^>]*>(.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();

    [GeneratedRegex("(__Host-[a-z-]+)=([^;]*);")]
    private static partial Regex Cookie();
}
