using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Http;

/// <summary>What a browser is told about pages of other origins (CORS).</summary>
public sealed class CrossOriginTests : ServerTests
{
    private const string App = "https://app.example.test";
    private const string Local = "http://localhost:3000";
    private const string Login = "/api/v1/auth/login";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_ALLOWED_ORIGINS", $"{App}, {Local}")];

    [Theory]
    [Trait("ASVS", "3.4.2")]
    [InlineData(App)]
    [InlineData(Local)]
    public async Task A_page_of_an_allowed_origin_reads_answers_and_refusals_with_credentials(string origin)
    {
        var alice = await Client.Join("alice");

        foreach (var token in (string?[])[alice.AccessToken, null])
        {
            var answer = await Ask(HttpMethod.Get, "/api/v1/users/me", origin, token);

            Assert.Equal((origin, "true", "Origin"), (answer.Headers["Access-Control-Allow-Origin"], answer.Headers["Access-Control-Allow-Credentials"], answer.Headers["Vary"]));
            foreach (var exposed in (string[])["Avouch-Reason", "Retry-After", "RateLimit", "RateLimit-Policy", "WWW-Authenticate"])
                Assert.Contains(exposed, answer.Headers["Access-Control-Expose-Headers"].Split(','));
        }
    }

    [Theory]
    [Trait("ASVS", "3.4.2")]
    [InlineData("https://evil.example.test")]
    [InlineData("https://app.example.test.evil.test")]
    [InlineData("https://sub.app.example.test")]
    [InlineData("http://app.example.test")]
    [InlineData("https://app.example.test:8443")]
    [InlineData("https://app.example.test/")]
    [InlineData("https://APP.example.test")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:30000")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("https://app.example.test, http://localhost:3000")]
    public async Task A_page_of_another_origin_reads_nothing(string origin)
    {
        var answer = await Ask(HttpMethod.Get, "/api/v1/users/me", origin);
        var preflight = await Preflight(Login, origin, "POST", "content-type");

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(preflight.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    [Trait("ASVS", "3.5.2")]
    public async Task A_preflight_says_what_may_be_sent_and_for_how_long_and_runs_nothing()
    {
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"])
        {
            var answer = await Preflight(Login, App, method, "authorization,content-type,avouch-device,avouch-csrf");

            Assert.Equal((HttpStatusCode.NoContent, App, "true", "7200"), (answer.Status, answer.Headers["Access-Control-Allow-Origin"], answer.Headers["Access-Control-Allow-Credentials"], answer.Headers["Access-Control-Max-Age"]));
            Assert.Contains(method, answer.Headers["Access-Control-Allow-Methods"].Split(','));
            foreach (var header in (string[])["Authorization", "Content-Type", "Avouch-Device", "Avouch-Csrf"]) Assert.Contains(header, answer.Headers["Access-Control-Allow-Headers"].Split(','));
            Assert.Contains("Origin", answer.Headers["Vary"], StringComparison.Ordinal);
        }
        Assert.DoesNotContain("X-Other", (await Preflight(Login, App, "POST", "x-other")).Headers["Access-Control-Allow-Headers"], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, await Server.Count("users"));
    }

    [Fact]
    public async Task An_error_can_be_read_too()
    {
        foreach (var url in (string[])["/api/nothing/here", "/api/v1/auth/login"])
        {
            var answer = await Ask(HttpMethod.Get, url, App);

            answer.MustBeProblem();
            Assert.Equal(App, answer.Headers["Access-Control-Allow-Origin"]);
        }
        var broken = await Send(new HttpRequestMessage(HttpMethod.Post, Login) { Content = new ByteArrayContent(new byte[100_000]) { Headers = { { "Content-Type", "application/json" } } } }, App);
        broken.MustBe(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        Assert.Equal(App, broken.Headers["Access-Control-Allow-Origin"]);
    }

    [Theory]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/openapi.json")]
    public async Task Public_documents_are_read_by_everybody_without_credentials(string url)
    {
        foreach (var origin in (string[])[App, "https://other.example.test", "null"])
        {
            var answer = await Ask(HttpMethod.Get, url, origin);

            Assert.Equal((HttpStatusCode.OK, "*"), (answer.Status, answer.Headers["Access-Control-Allow-Origin"]));
            Assert.False(answer.Headers.ContainsKey("Access-Control-Allow-Credentials"));
            Assert.Equal("*", (await Preflight(url, origin, "GET", "if-none-match")).Headers["Access-Control-Allow-Origin"]);
        }
    }

    [Fact]
    public async Task Without_an_origin_nothing_is_said()
    {
        var answer = await Client.Get("/api/v1/users/me");

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase) || header.Key == "Vary");
    }

    [Fact]
    public async Task By_default_no_origin_is_allowed()
    {
        await Restart(("AVOUCH_ALLOWED_ORIGINS", ""));

        foreach (var origin in (string[])[App, Local, "null"])
            Assert.False((await Ask(HttpMethod.Get, "/api/v1/users/me", origin)).Headers.ContainsKey("Access-Control-Allow-Origin"));
    }

    private Task<Answer> Ask(HttpMethod method, string url, string origin, string? token = null) => Send(new HttpRequestMessage(method, url), origin, token);

    private Task<Answer> Preflight(string url, string origin, string method, string headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, url);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", method);
        request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", headers);
        return Send(request, origin);
    }

    private Task<Answer> Send(HttpRequestMessage request, string origin, string? token = null)
    {
        request.Headers.TryAddWithoutValidation("Origin", origin);
        return Client.Send(request, token);
    }
}
