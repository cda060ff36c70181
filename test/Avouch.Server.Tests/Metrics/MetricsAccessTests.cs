using System.Net;
using System.Net.Http.Headers;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Metrics;

/// <summary>Who may read the figures: a program on this machine that asks directly, or whoever has the token. Everybody is on this machine here, as behind a proxy.</summary>
public sealed class MetricsAccessTests : ServerTests
{
    private const string Token = "6d1f0a9b3c5e7d2846af01b9c8e7d6f5a4b3c2d1e0f9081726354453627180ab";

    [Fact]
    public async Task A_program_on_this_machine_that_asks_directly_needs_nothing() => Assert.Equal(HttpStatusCode.OK, (await Client.Get("/metrics")).Status);

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "")]
    [InlineData("X-Forwarded-Host", "auth.example.test")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Original-For", "127.0.0.1")]
    [InlineData("X-Cluster-Client-Ip", "127.0.0.1")]
    [InlineData("X-Azure-ClientIP", "127.0.0.1")]
    [InlineData("Akamai-Origin-Hop", "1")]
    [InlineData("Host", "auth.example.test")]
    [InlineData("Host", "localhost.example.test")]
    [Trait("ASVS", "13.4.5")]
    public async Task What_came_through_a_proxy_or_from_a_page_of_another_name_finds_nothing(string header, string value) =>
        (await Ask(header, value)).MustBe(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task A_proxy_that_adds_no_header_is_known_by_its_old_protocol()
    {
        var answer = await RawConnection.Send(Server.Url, $"GET /metrics HTTP/1.0\nHost: {Server.Url.Authority}\n\n");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_nobody_is_local()
    {
        await Restart(("AVOUCH_TRUSTED_PROXIES", "127.0.0.1"));

        Assert.Equal(HttpStatusCode.NotFound, (await Ask("X-Forwarded-For", "127.0.0.1")).Status);   // used up by the middleware
        Assert.Equal(HttpStatusCode.NotFound, (await Ask("X-Forwarded-For", "203.0.113.7")).Status);
    }

    [Fact]
    [Trait("ASVS", "13.4.5")]
    public async Task The_token_opens_it_from_anywhere_and_nothing_else_does()
    {
        await Restart(("AVOUCH_METRICS_TOKEN", Token), ("AVOUCH_METRICS", "token"));

        Assert.Equal(HttpStatusCode.OK, (await Ask("X-Forwarded-For", "203.0.113.7", Token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/metrics", Token)).Status);
        var refused = (await Client.Get("/metrics")).MustBe(HttpStatusCode.Unauthorized, "metrics_token_needed");
        Assert.Equal("Bearer realm=\"avouch\"", refused.Headers["WWW-Authenticate"]);
        foreach (var wrong in (string[])[Token[..^1], Token + "0", Token.ToUpperInvariant(), (await Client.Join("alice")).AccessToken])
            (await Client.Get("/metrics", wrong)).MustBe(HttpStatusCode.Unauthorized, "metrics_token_needed");
        (await Ask("Authorization", $"Basic {Token}")).MustBe(HttpStatusCode.Unauthorized, "metrics_token_needed");
    }

    [Fact]
    public async Task With_a_token_set_programs_on_this_machine_still_need_none_unless_the_setting_says_so()
    {
        await Restart(("AVOUCH_METRICS_TOKEN", Token));

        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/metrics")).Status);
        (await Ask("X-Forwarded-For", "127.0.0.1")).MustBe(HttpStatusCode.Unauthorized, "metrics_token_needed");
    }

    [Fact]
    public async Task It_can_be_closed_for_everybody()
    {
        await Restart(("AVOUCH_METRICS", "closed"), ("AVOUCH_METRICS_TOKEN", Token));

        (await Client.Get("/metrics")).MustBe(HttpStatusCode.NotFound, "not_found");
        (await Client.Get("/metrics", Token)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    private async Task<Answer> Ask(string header, string value, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation(header, value);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Client.Send(request);
    }
}
