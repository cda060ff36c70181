using System.Net;
using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.Harness;

/// <summary>Somebody at our pages without a browser: keeps the cookie, and sends what no button would, with the token that a form has.</summary>
internal sealed partial class Clerk
{
    private readonly TestClient client;
    private string cookie;

    private Clerk(TestClient client, string cookie) => (this.client, this.cookie) = (client, cookie);

    /// <summary>Signs in at <c>/sign-in</c>.</summary>
    public static async Task<Clerk> SignIn(TestClient client, string name, string password = TestClient.Password)
    {
        var before = await client.Get("/sign-in");
        var clerk = new Clerk(client, Cookies(before));
        var after = await clerk.Send("/sign-in", before.Text, ("username", name), ("password", password));
        Assert.Equal(HttpStatusCode.SeeOther, after.Status);
        clerk.cookie = Cookies(after);
        return clerk;
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return client.Send(request);
    }

    /// <summary>Sends a form that this person may well have: the fields are theirs to choose.</summary>
    public async Task<Answer> Post(string path, params (string Name, string Value)[] fields) => await Send(path, (await Get("/account")).Text, fields);

    private Task<Answer> Send(string path, string page, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(page).Groups[1].Value;
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("form", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        };
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return client.Send(request);
    }

    private static string Cookies(Answer answer) => string.Join("; ", Cookie().Matches(answer.Headers["Set-Cookie"]).Select(match => match.Value));

    [GeneratedRegex("__Host-avouch-[a-z]+=[^;, ]+")]
    private static partial Regex Cookie();

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

/// <summary>What refusals of pages have in common.</summary>
internal static class PageRefusal
{
    /// <summary>A page that says no, with a reason id, and not a problem document.</summary>
    public static Answer MustRefuse(this Answer answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.Status);
        Assert.StartsWith("text/html", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", answer.Text, StringComparison.Ordinal);
        Assert.Matches("^(j-[0-9]+|r-[0-9A-Z:]+)$", answer.Reason);
        return answer;
    }

    /// <summary>On to another page (303).</summary>
    public static Answer MustLeadTo(this Answer answer, string path)
    {
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith(path, answer.Headers["Location"], StringComparison.Ordinal);
        return answer;
    }
}
