using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

/// <summary>Every lifetime three times: it works now, it works one second before the end, it is refused at the second.</summary>
public sealed class LifetimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // ASVS 9.2.1
    [Theory]
    [InlineData("1", 60)]
    [InlineData("15", 900)]
    [InlineData("1440", 86_400)]
    public async Task An_access_token_ends_with_its_exp(string minutes, int seconds)
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", minutes));
        using var client = server.Client();
        var tokens = await client.Join("alice");

        Assert.Equal(server.Time.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds(), tokens.Claims.GetProperty("exp").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await client.Me(tokens)).Status);
        server.Time.Advance(TimeSpan.FromSeconds(seconds) - Second);
        Assert.Equal(HttpStatusCode.OK, (await client.Me(tokens)).Status);
        server.Time.Advance(Second);
        (await client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "token_expired");
    }

    [Fact]
    public async Task An_access_token_that_was_never_seen_before_ends_with_its_exp_too()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var seen = await client.Join("alice");
        server.Time.Advance(TimeSpan.FromMinutes(15) - Second);
        Assert.Equal(HttpStatusCode.OK, (await client.Me(seen)).Status);
        server.Time.Advance(Second);
        (await client.Me(seen)).MustBe(HttpStatusCode.Unauthorized, "token_expired");

        var unseen = await client.SignIn("alice");
        server.Time.Advance(TimeSpan.FromMinutes(15));
        (await client.Me(unseen)).MustBe(HttpStatusCode.Unauthorized, "token_expired");
    }

    [Theory]
    [Trait("ASVS", "7.3.1")]
    [InlineData("1", 1)]
    [InlineData("30", 30)]
    public async Task A_session_that_idles_ends_at_its_limit(string setting, int days)
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_REFRESH_TOKEN_EXPIRE_DAYS", setting));
        using var client = server.Client();
        var limit = TimeSpan.FromDays(days);
        var tokens = await client.Refresh(await client.Join("alice"));

        server.Time.Advance(limit - Second);
        tokens = await client.Refresh(tokens);      // one second before the end, which begins anew with it
        server.Time.Advance(limit - Second);
        tokens = await client.Refresh(tokens);
        server.Time.Advance(limit);

        (await client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await client.PostJson("/api/v1/auth/logout", new { refresh_token = tokens.RefreshToken })).MustNotEcho(tokens.RefreshToken);
    }

    [Fact]
    [Trait("ASVS", "7.3.2")]
    public async Task A_session_ends_at_its_absolute_limit_however_busy_it_is()
    {
        await using var server = await TestServer.Start(settings: [("AVOUCH_SESSION_MAX_DAYS", "3"), ("AVOUCH_REFRESH_TOKEN_EXPIRE_DAYS", "2")]);
        using var client = server.Client();
        var tokens = await client.Refresh(await client.Join("alice"));

        server.Time.Advance(TimeSpan.FromDays(1.5));
        tokens = await client.Refresh(tokens);
        server.Time.Advance(TimeSpan.FromDays(1.5) - Second);
        var last = await client.TryRefresh(tokens.RefreshToken);
        Assert.Equal((HttpStatusCode.OK, 1L), (last.Status, last.Json.GetProperty("refresh_expires_in").GetInt64()));
        server.Time.Advance(Second);

        (await client.TryRefresh(Tokens.Of(last).RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("30")]
    [InlineData("600")]
    public async Task The_grace_for_a_used_token_ends_at_the_second(string setting)
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_REFRESH_GRACE_SECONDS", setting));
        using var client = server.Client();
        var grace = TimeSpan.FromSeconds(int.Parse(setting, System.Globalization.CultureInfo.InvariantCulture));
        var first = await client.Join("alice");
        var second = await client.Refresh(first);

        Assert.Equal(second.RefreshToken, (await client.Refresh(first)).RefreshToken);
        server.Time.Advance(grace - Second);
        Assert.Equal(second.RefreshToken, (await client.Refresh(first)).RefreshToken);
        server.Time.Advance(Second);
        (await client.TryRefresh(first.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await client.TryRefresh(second.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Fact]
    public async Task Without_a_grace_the_first_repeat_ends_the_session()
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_REFRESH_GRACE_SECONDS", "0"));
        using var client = server.Client();
        var first = await client.Join("alice");
        var second = await client.Refresh(first);

        (await client.TryRefresh(first.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");

        (await client.Me(second)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task A_repeat_does_not_renew_the_grace()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var first = await client.Join("alice");
        await client.Refresh(first);

        for (var i = 0; i < 2; i++)
        {
            server.Time.Advance(TimeSpan.FromSeconds(14));
            await client.Refresh(first);
        }
        server.Time.Advance(TimeSpan.FromSeconds(2));

        (await client.TryRefresh(first.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }
}
