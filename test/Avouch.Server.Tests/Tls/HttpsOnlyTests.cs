using System.Net;
using Avouch.Server.Http;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Avouch.Server.Tests.Tls;

/// <summary>Plain HTTP that crossed a network is turned away, and browsers are told to come by https. The proxy of the tests is 127.0.0.1.</summary>
public sealed class HttpsOnlyTests : ServerTests
{
    private const string Hsts = "Strict-Transport-Security";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_TRUSTED_PROXIES", "127.0.0.1")];

    [Theory]
    [Trait("ASVS", "12.2.1")]
    [InlineData("GET", "/docs")]
    [InlineData("GET", "/docs/index.html?x=%20y&z")]
    [InlineData("HEAD", "/")]
    [InlineData("GET", "//evil.example/..%2f")]
    [InlineData("GET", "/@evil.example")]
    [Trait("ASVS", "3.7.2")]
    public async Task A_page_is_sent_on_to_the_public_URL(string method, string url)
    {
        var answer = await Ask(method, url, [("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "evil.example"), ("Accept", "text/html,*/*")]);

        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.Status);
        Assert.StartsWith(TestServer.Issuer + "/", answer.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal(new Uri(TestServer.Issuer).Host, new Uri(answer.Headers["Location"]).Host);
        Assert.Equal(url.Split('?').ElementAtOrDefault(1), new Uri(answer.Headers["Location"]).Query.TrimStart('?') is { Length: > 0 } query ? query : null);
        Assert.Equal(("no-store", "nosniff"), (answer.Headers["Cache-Control"], answer.Headers["X-Content-Type-Options"]));
        Assert.False(answer.Headers.ContainsKey(Hsts));
    }

    [Theory]
    [Trait("ASVS", "4.1.2")]
    [InlineData("POST", "/api/v1/auth/login")]
    [InlineData("POST", "/docs")]
    [InlineData("GET", "/api/v1/users/me")]
    [InlineData("PUT", "/")]
    public async Task Whatever_is_no_page_is_refused(string method, string url)
    {
        await Client.Register("alice");

        var answer = await Ask(method, url, [("X-Forwarded-Proto", "http"), ("Accept", "text/html")], $$"""{"username":"alice","password":"{{TestClient.Password}}"}""");

        answer.MustBe(HttpStatusCode.Forbidden, "https_required").MustNotEcho(TestClient.Password);
        Assert.False(answer.Headers.ContainsKey("Location"));
        Assert.Equal(0, await Server.Count("sessions"));
    }

    [Fact]
    [Trait("ASVS", "4.1.2")]
    public async Task A_program_that_asks_for_a_page_is_refused_too()
    {
        (await Ask("GET", "/openapi.json", [("X-Forwarded-Proto", "http"), ("Accept", "*/*")])).MustBe(HttpStatusCode.Forbidden, "https_required");
        (await Ask("GET", "/", [("X-Forwarded-Proto", "http"), ("Accept", "text/html"), ("Authorization", "Bearer x")])).MustBe(HttpStatusCode.Forbidden, "https_required");
    }

    [Theory]
    [InlineData("X-Forwarded-Proto", "http", 403)]
    [InlineData("X-Forwarded-Proto", "HTTP", 403)]
    [InlineData("Forwarded", "proto=http", 403)]
    [InlineData("Forwarded", "for=203.0.113.9;proto=http", 403)]
    [InlineData("Forwarded", "for=203.0.113.9;proto=https, for=203.0.113.10;proto=http", 403)]   // what the client claims in front does not count
    [InlineData("X-Forwarded-Proto", "https", 200)]
    [InlineData("Forwarded", "for=203.0.113.9;proto=https", 200)]
    [InlineData("X-Forwarded-For", "203.0.113.9", 200)]                                            // a proxy that does not say
    [InlineData("X-Forwarded-Proto", "http, https", 200)]                                          // which of them is whose?
    [InlineData("X-Forwarded-Proto", "gopher", 200)]
    [InlineData("X-Other", "x", 200)]                                                              // nobody's proxy: a health check of this machine
    public async Task Only_what_is_known_to_be_plain_is_turned_away(string name, string value, int status) =>
        Assert.Equal(status, (int)(await Ask("GET", "/health/live", [(name, value)])).Status);

    [Theory]
    [Trait("ASVS", "3.4.1")]
    [InlineData("X-Forwarded-Proto", "https", true)]
    [InlineData("Forwarded", "for=203.0.113.9;proto=https", true)]
    [InlineData("X-Forwarded-For", "203.0.113.9", false)]
    [InlineData("X-Other", "x", false)]
    public async Task By_https_every_answer_asks_for_https_for_a_year_below_this_name_too(string name, string value, bool isSaid)
    {
        foreach (var url in (string[])["/health/live", "/nothing", "/docs", "/api/v1/users/me"])
            Assert.Equal(isSaid ? "max-age=31536000; includeSubDomains" : null, (await Ask("GET", url, [(name, value)])).Headers.GetValueOrDefault(Hsts));
        await Server.Database.DisposeAsync();
        var broken = await Ask("POST", "/api/v1/auth/login", [(name, value)], """{"username":"alice","password":"correct horse 42"}""");
        Assert.Equal((HttpStatusCode.InternalServerError, isSaid), (broken.Status, broken.Headers.ContainsKey(Hsts)));
    }

    [Theory]
    [InlineData("AVOUCH_HSTS_DAYS", "0", null)]
    [InlineData("AVOUCH_HSTS_DAYS", "1", "max-age=86400; includeSubDomains")]
    [InlineData("AVOUCH_HSTS_SUBDOMAINS", "false", "max-age=31536000")]
    [InlineData("AVOUCH_PUBLIC_URL", "https://localhost:8443", null)]
    [InlineData("AVOUCH_PUBLIC_URL", "https://127.0.0.1:8443", null)]
    [InlineData("AVOUCH_PUBLIC_URL", "http://auth.example.test", null)]
    public async Task It_can_be_set_and_is_never_said_of_a_loopback_name(string name, string value, string? header)
    {
        await Restart((name, value));

        Assert.Equal(header, (await Ask("GET", "/health/live", [("X-Forwarded-Proto", "https")])).Headers.GetValueOrDefault(Hsts));
    }

    [Theory]
    [InlineData("AVOUCH_HTTPS_REDIRECT", "false")]
    [InlineData("AVOUCH_PUBLIC_URL", "http://auth.example.test")]
    [InlineData("AVOUCH_TRUSTED_PROXIES", "10.0.0.0/8")]
    public async Task Nobody_is_turned_away_where_it_is_switched_off_or_http_is_what_was_meant(string name, string value)
    {
        await Restart((name, value));

        Assert.Equal(HttpStatusCode.OK, (await Ask("GET", "/health/live", [("X-Forwarded-Proto", "http")])).Status);
    }

    /// <summary>Who comes from another machine cannot be played over a real connection of this one.</summary>
    [Theory]
    [InlineData("203.0.113.9", true, "POST", 403)]
    [InlineData("2001:db8::7", true, "POST", 403)]
    [InlineData("::ffff:203.0.113.9", true, "POST", 403)]
    [InlineData("203.0.113.9", true, "GET", 308)]
    [InlineData("127.0.0.1", true, "POST", 0)]
    [InlineData("::ffff:127.0.0.1", true, "POST", 0)]
    [InlineData("::1", true, "GET", 0)]
    [InlineData("203.0.113.9", false, "POST", 0)]   // AVOUCH_ALLOW_HTTP with a proxy that nobody named: it would go round in circles
    public void Where_the_server_has_https_itself_other_machines_have_to_use_it(string peer, bool hasHttps, string method, int status)
    {
        var http = new DefaultHttpContext { Request = { Method = method, Scheme = "http", Path = "/docs", Headers = { Accept = "text/html" } }, Connection = { RemoteIpAddress = IPAddress.Parse(peer) } };

        var refusal = new HttpsOnly(TestServer.Issuer, hasHttps).Refuse(http);

        Assert.Equal(status, refusal is Problem problem ? problem.Status : refusal is null ? 0 : 308);
    }

    private Task<Answer> Ask(string method, string url, (string Name, string Value)[] headers, string body = "") => RawConnection.Send(
        Server.Url,
        $"{method} {url} HTTP/1.1\nHost: evil.example\nConnection: close\nContent-Type: application/json\nContent-Length: {body.Length}\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\n"))}\n{body}");
}
