using System.Net;
using System.Text;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

/// <summary>A page of another origin signs in with a cookie where AVOUCH_ALLOWED_ORIGINS names it, and a page of any other does not.</summary>
public sealed class AllowedOriginTests : ServerTests
{
    private const string Allowed = "https://app.example.test";
    private const string LoginBody = """{"username":"alice","password":"correct horse 42","cookie":true}""";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_ALLOWED_ORIGINS", Allowed)];

    [Theory]
    [InlineData("same-site")]
    [InlineData("cross-site")]
    [InlineData(null)]
    public async Task An_origin_that_is_named_signs_in_refreshes_and_signs_out(string? site)
    {
        await Client.Register("alice");

        var login = await Send("/api/v1/auth/login", LoginBody, Allowed, site);
        var refresh = await Send("/api/v1/auth/refresh", """{"cookie":true}""", Allowed, site, CookieOf(login));
        var logout = await Send("/api/v1/auth/logout", """{"cookie":true}""", Allowed, site, CookieOf(refresh));

        foreach (var answer in (Answer[])[login, refresh, logout])
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal((Allowed, "true"), (answer.Headers["Access-Control-Allow-Origin"], answer.Headers["Access-Control-Allow-Credentials"]));
        }
        (await Send("/api/v1/auth/refresh", """{"cookie":true}""", Allowed, site, CookieOf(refresh))).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Theory]
    [InlineData("https://other.example.test")]
    [InlineData("http://app.example.test")]
    [InlineData("https://app.example.test:8443")]
    [InlineData("https://app.example.test.evil.example")]
    [InlineData("https://evil-app.example.test")]
    [InlineData("https://APP.example.test")]   // no browser writes it so
    [InlineData("https://app.example.test, https://evil.example")]
    [InlineData("null")]
    [Trait("ASVS", "3.5.1")]
    public async Task Another_one_gets_nothing_and_the_cookie_stays_good(string origin)
    {
        await Client.Register("alice");
        var cookie = CookieOf(await Send("/api/v1/auth/login", LoginBody, Allowed, "cross-site"));
        var (rows, sessions) = (await Server.Count("journal"), await Server.Count("sessions"));

        foreach (var site in (string?[])["cross-site", "same-site", null])
            foreach (var (url, body) in new[] { ("/api/v1/auth/login", LoginBody), ("/api/v1/auth/refresh", """{"cookie":true}"""), ("/api/v1/auth/logout", """{"cookie":true}""") })
            {
                var answer = (await Send(url, body, origin, site, cookie)).MustBe(HttpStatusCode.Forbidden, "cross_site");
                Assert.DoesNotContain("Access-Control-Allow-Origin", answer.Headers.Keys);
                Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
            }

        Assert.Equal((rows, sessions), (await Server.Count("journal"), await Server.Count("sessions")));
        Assert.Equal(HttpStatusCode.OK, (await Send("/api/v1/auth/refresh", """{"cookie":true}""", Allowed, "cross-site", cookie)).Status);
    }

    [Fact]
    public async Task An_allowed_origin_needs_the_header_as_well()
    {
        await Client.Register("alice");

        (await Send("/api/v1/auth/login", LoginBody, Allowed, "cross-site", hasHeader: false)).MustBe(HttpStatusCode.Forbidden, "csrf_header_missing");

        Assert.Equal(0, await Server.Count("sessions"));
    }

    private static string CookieOf(Answer answer) => answer.Headers["Set-Cookie"].Split(", ").First(cookie => cookie.StartsWith("__Host-avouch-refresh=", StringComparison.Ordinal)).Split(';')[0];

    private Task<Answer> Send(string url, string body, string origin, string? site, string? cookie = null, bool hasHeader = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        if (hasHeader) request.Headers.Add("Avouch-Csrf", "1");
        return Client.Send(request);
    }
}
