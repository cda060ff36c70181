using System.Net;
using System.Text.RegularExpressions;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>A browser without a screen: keeps cookies, takes the token out of a page, and sends forms with whatever somebody puts into them.</summary>
internal sealed partial class FormClient(TestClient client)
{
    private readonly Dictionary<string, string> cookies = [];

    public string? SessionCookie => cookies.GetValueOrDefault("__Host-avouch-session");

    public string? DeviceCookie => cookies.GetValueOrDefault("__Host-avouch-device");

    public static async Task<FormClient> SignIn(TestClient client, string name, string password = TestClient.Password)
    {
        var browser = new FormClient(client);
        var answer = await browser.Send("/sign-in", "/sign-in", ("username", name), ("password", password));
        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (answer.Status, answer.Headers["Location"]));
        return browser;
    }

    public Task<Answer> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Opens one page, and sends its form to an address.</summary>
    public async Task<Answer> Send(string page, string target, params (string Name, string Value)[] fields)
    {
        var form = await Get(page);
        return await SendWith(Token().Match(form.Text).Groups[1].Value, target, fields);
    }

    /// <summary>Sends a form with a token that was read before, as a second press of a button does.</summary>
    public Task<Answer> SendWith(string token, string target, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("form", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return Send(request);
    }

    private async Task<Answer> Send(HttpRequestMessage request)
    {
        request.Headers.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0");
        if (cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var answer = await client.Send(request);
        foreach (Match cookie in Cookie().Matches(answer.Headers.GetValueOrDefault("Set-Cookie", "")))
            if (cookie.Groups[2].Length == 0) cookies.Remove(cookie.Groups[1].Value);
            else cookies[cookie.Groups[1].Value] = cookie.Groups[2].Value;
        return answer;
    }

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("(__Host-[a-z-]+)=([^;,]*)")]
    private static partial Regex Cookie();
}
