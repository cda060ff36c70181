using System.Net;
using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.Harness;

/// <summary>Somebody who opens a mailed link and presses the button: reads the form from the HTML and nothing else.</summary>
internal static partial class Browser
{
    /// <summary>Opens a link. Its host is the issuer's; the server stands elsewhere.</summary>
    public static async Task<OpenPage> Open(this TestClient client, Uri link, string? languages = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link.PathAndQuery);
        if (languages is not null) request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        return new OpenPage(client, link, await client.Send(request), languages);
    }

    internal sealed record OpenPage(TestClient Client, Uri Link, Answer Answer, string? Languages)
    {
        public string Html => Answer.Text;

        /// <summary>What the page is about; the name of the service stands behind it.</summary>
        public string Title => WebUtility.HtmlDecode(TitleElement().Match(Html).Groups[1].Value);

        public string Alert => WebUtility.HtmlDecode(AlertElement().Match(Html).Groups[1].Value);

        /// <summary>What is wrong with the first field that something is wrong with.</summary>
        public string Fault => WebUtility.HtmlDecode(FaultElement().Match(Html).Groups[1].Value);

        /// <summary>The answer to the form, before the page to which it led.</summary>
        public Answer Sent { get; private init; } = Answer;

        public bool HasForm => Form().IsMatch(Html);

        /// <summary>Presses the button, with what was typed into the fields, and goes where the answer leads.</summary>
        public async Task<OpenPage> Press(params (string Name, string Value)[] typed)
        {
            var form = Form().Match(Html);
            Assert.True(form.Success);
            var fields = Input().Matches(Html).Select(input => (Name: Attribute(input.Value, "name"), Value: Attribute(input.Value, "value"))).ToList();
            Assert.All(typed, field => Assert.Contains(fields, input => input.Name == field.Name));
            var filled = fields.Select(field => typed.FirstOrDefault(value => value.Name == field.Name) is { Name: not null } value ? value : field);
            var target = new Uri(Link, WebUtility.HtmlDecode(form.Groups[1].Value));
            var request = new HttpRequestMessage(HttpMethod.Post, target.PathAndQuery) { Content = new FormUrlEncodedContent(filled.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
            if (Languages is not null) request.Headers.TryAddWithoutValidation("Accept-Language", Languages);
            var sent = await Client.Send(request);
            if (sent.Status != HttpStatusCode.SeeOther) return new OpenPage(Client, target, sent, Languages);
            return (await Client.Open(new Uri(target, sent.Headers["Location"]), Languages)) with { Sent = sent };
        }

        private static string Attribute(string element, string name) => WebUtility.HtmlDecode(Regex.Match(element, $" {name}=\"([^\"]*)\"").Groups[1].Value);
    }

    [GeneratedRegex("<title>([^<]*) · [^<]*</title>")]
    private static partial Regex TitleElement();

    [GeneratedRegex("role=\"alert\"[^>]*>\\s*<p>([^<]*)</p>")]
    private static partial Regex AlertElement();

    [GeneratedRegex("<p class=\"fault\"[^>]*>([^<]*)</p>")]
    private static partial Regex FaultElement();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\"[^>]*>")]
    private static partial Regex Form();

    [GeneratedRegex("<input [^>]*>")]
    private static partial Regex Input();
}
