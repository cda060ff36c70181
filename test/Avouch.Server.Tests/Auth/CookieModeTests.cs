using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

/// <summary>Sessions of browsers: the refresh token lies where no script reads it, and no other site can use it.</summary>
public sealed class CookieModeTests : ServerTests
{
    private const string Refresh = "/api/v1/auth/refresh";
    private const string RefreshCookie = "__Host-avouch-refresh";
    private const string DeviceCookie = "__Host-avouch-device";

    private readonly Dictionary<string, string> jar = [];

    // A20
    [Fact]
    [Trait("ASVS", "3.3.1")]
    [Trait("ASVS", "3.3.2")]
    [Trait("ASVS", "3.3.3")]
    [Trait("ASVS", "3.3.4")]
    public async Task The_refresh_token_is_in_a_cookie_of_this_host_that_no_script_reads_and_not_in_the_answer()
    {
        var answer = await SignIn();

        Assert.Equal(
            [
                $"{RefreshCookie}=[token]; max-age=2592000; path=/; secure; samesite=strict; httponly",
                $"{DeviceCookie}=[token]; max-age=34560000; path=/; secure; samesite=strict; httponly",
            ],
            answer.Headers["Set-Cookie"].Split(", ").Select(cookie => System.Text.RegularExpressions.Regex.Replace(cookie, "=av[rd]_[\\w-]+", "=[token]")));
        Assert.DoesNotContain("avr_", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("avd_", answer.Text, StringComparison.Ordinal);
        answer.Json.MustMatchGolden("tokens-beside-cookie");
        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/api/v1/users/me", answer.Json.Text("access_token"))).Status);
    }

    [Theory]
    [InlineData("{\"cookie\":true}")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_refresh_takes_the_cookie_and_puts_the_next_token_there(string? body)
    {
        await SignIn();
        var before = jar[RefreshCookie];

        var answer = await Send(Refresh, body);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        answer.Json.MustMatchGolden("tokens-beside-cookie");
        Assert.NotEqual(before, jar[RefreshCookie]);
        Assert.Contains("max-age=2592000; path=/; secure; samesite=strict; httponly", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Send(Refresh, body)).Status);
    }

    [Theory]
    [InlineData("/api/v1/auth/login", """{"username":"alice","password":"correct horse 42","cookie":true}""")]
    [InlineData(Refresh, """{"cookie":true}""")]
    [InlineData(Refresh, null)]
    [InlineData("/api/v1/auth/logout", """{"cookie":true}""")]
    [InlineData("/api/v1/auth/logout", null)]
    [Trait("ASVS", "3.5.1")]
    public async Task Without_the_header_or_from_another_site_nothing_happens(string url, string? body)
    {
        await SignIn();
        var (rows, cookie) = (await Server.Count("journal"), jar[RefreshCookie]);

        (await Send(url, body, csrf: null)).MustBe(HttpStatusCode.Forbidden, "csrf_header_missing");
        (await Send(url, body, csrf: "0")).MustBe(HttpStatusCode.Forbidden, "csrf_header_missing");
        (await Send(url, body, origin: "https://evil.example")).MustBe(HttpStatusCode.Forbidden, "cross_site");
        (await Send(url, body, origin: "null")).MustBe(HttpStatusCode.Forbidden, "cross_site");
        (await Send(url, body, origin: TestServer.Issuer + ".evil.example")).MustBe(HttpStatusCode.Forbidden, "cross_site");
        (await Send(url, body, site: "cross-site")).MustBe(HttpStatusCode.Forbidden, "cross_site");
        (await Send(url, body, site: "same-site")).MustBe(HttpStatusCode.Forbidden, "cross_site");

        Assert.Equal((rows, cookie), (await Server.Count("journal"), jar[RefreshCookie]));
        Assert.Equal(HttpStatusCode.OK, (await Send(Refresh, "{\"cookie\":true}")).Status);   // the token was not used up
    }

    [Theory]
    [InlineData(TestServer.Issuer, null)]
    [InlineData(TestServer.Issuer, "same-origin")]
    [InlineData("http://localhost:8080", "same-origin")]   // the browser itself says that both are one origin
    [InlineData(null, "same-origin")]
    [InlineData(null, null)]
    public async Task From_its_own_site_it_works(string? origin, string? site)
    {
        await SignIn();

        Assert.Equal(HttpStatusCode.OK, (await Send(Refresh, "{\"cookie\":true}", origin: origin, site: site)).Status);
    }

    [Fact]
    public async Task Two_tabs_at_once_get_the_same_token_and_stay_signed_in()
    {
        await SignIn();
        var before = jar[RefreshCookie];

        var tabs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Send(Refresh, "{\"cookie\":true}", cookie: before)));

        Assert.All(tabs, tab => Assert.Equal(HttpStatusCode.OK, tab.Status));
        Assert.Single(tabs.Select(tab => Cookie(tab, RefreshCookie)).Distinct());
        Assert.Equal(HttpStatusCode.OK, (await Send(Refresh, "{\"cookie\":true}")).Status);
    }

    [Fact]
    public async Task A_refusal_clears_the_cookie_and_a_replay_ends_the_session()
    {
        await SignIn();
        var stolen = jar[RefreshCookie];
        await Send(Refresh, "{\"cookie\":true}");
        Pass(TimeSpan.FromSeconds(31));

        var thief = (await Send(Refresh, "{\"cookie\":true}", cookie: stolen)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");

        Assert.Contains($"{RefreshCookie}=; max-age=0; path=/; secure; samesite=strict; httponly", thief.Headers["Set-Cookie"], StringComparison.Ordinal);
        Assert.Equal(EndReason.Replay, (await Server.Journal())[^1].Detail);
    }

    [Theory]
    [InlineData("avr_garbage")]
    [InlineData("")]
    public async Task A_cookie_that_is_none_of_ours_is_cleared(string cookie)
    {
        var answer = (await Send(Refresh, "{\"cookie\":true}", cookie: cookie)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");

        Assert.Contains($"{RefreshCookie}=; max-age=0", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_and_a_token_in_the_body_are_one_too_many()
    {
        await SignIn();

        var both = await Send(Refresh, $$"""{"cookie":true,"refresh_token":"{{jar[RefreshCookie]}}"}""");

        Assert.Equal("refresh_token", both.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
        Assert.DoesNotContain("Set-Cookie", both.Headers.Keys);
        Assert.Equal(HttpStatusCode.OK, (await Send(Refresh, "{\"cookie\":true}")).Status);
    }

    [Fact]
    public async Task A_token_in_the_body_alone_is_answered_in_the_body_whatever_cookie_comes_with_it()
    {
        await SignIn();
        var app = await Client.SignIn("alice");
        var cookie = jar[RefreshCookie];

        var answer = await Send(Refresh, $$"""{"refresh_token":"{{app.RefreshToken}}"}""", csrf: null);

        Assert.StartsWith("avr_", answer.Json.Text("refresh_token"), StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
        Assert.Equal(cookie, jar[RefreshCookie]);
    }

    [Theory]
    [InlineData("""{"cookie":true}""")]
    [InlineData(null)]
    [Trait("ASVS", "14.3.1")]
    public async Task Signing_out_ends_the_session_and_clears_the_cookie(string? body)
    {
        await SignIn();
        var token = jar[RefreshCookie];

        var answer = await Send("/api/v1/auth/logout", body);

        answer.Json.MustMatchGolden("message");
        Assert.Contains($"{RefreshCookie}=; max-age=0", answer.Headers["Set-Cookie"], StringComparison.Ordinal);
        (await Client.TryRefresh(token)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Fact]
    public async Task Signing_out_with_the_access_token_clears_the_cookie_of_the_same_session_only()
    {
        var access = (await SignIn()).Json.Text("access_token");
        var app = await Client.SignIn("alice");

        var other = await Send("/api/v1/auth/logout", "{}", csrf: null, access: app.AccessToken);
        var own = await Send("/api/v1/auth/logout", "{}", csrf: null, access: access);

        Assert.DoesNotContain("Set-Cookie", other.Headers.Keys);
        Assert.Contains($"{RefreshCookie}=; max-age=0", own.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("ASVS", "7.2.4")]
    public async Task A_new_sign_in_of_the_same_browser_ends_the_session_before()
    {
        await SignIn();
        var before = jar[RefreshCookie];

        await SignIn(register: false);

        (await Client.TryRefresh(before)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(HttpStatusCode.OK, (await Send(Refresh, "{\"cookie\":true}")).Status);
    }

    [Fact]
    public async Task The_cookie_lives_as_long_as_the_session_can()
    {
        await Restart(("AVOUCH_SESSION_MAX_DAYS", "31"));
        await SignIn();
        Pass(TimeSpan.FromDays(29));

        Assert.Contains($"max-age={2 * 24 * 3600};", (await Send(Refresh, "{\"cookie\":true}")).Headers["Set-Cookie"], StringComparison.Ordinal);
        Pass(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        Assert.Contains("max-age=1;", (await Send(Refresh, "{\"cookie\":true}")).Headers["Set-Cookie"], StringComparison.Ordinal);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Contains("max-age=0;", (await Send(Refresh, "{\"cookie\":true}")).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token").Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_sets_no_cookie()
    {
        await Client.Register("alice");

        var answer = (await Send("/api/v1/auth/login", """{"username":"alice","password":"wrong","cookie":true}""")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
    }

    private async Task<Answer> SignIn(bool register = true)
    {
        if (register) await Client.Register("alice");
        var answer = await Send("/api/v1/auth/login", """{"username":"alice","password":"correct horse 42","cookie":true}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer;
    }

    /// <summary>As a browser does: with the cookies that it has, keeping those that come back.</summary>
    private async Task<Answer> Send(string url, string? body, string? csrf = "1", string? origin = null, string? site = null, string? cookie = null, string? access = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        if (csrf is not null) request.Headers.Add("Avouch-Csrf", csrf);
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        var cookies = new Dictionary<string, string>(jar);
        if (cookie is not null) cookies[RefreshCookie] = cookie;
        if (cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", cookies.Select(pair => $"{pair.Key}={pair.Value}")));
        var answer = await Client.Send(request, access);
        lock (jar)
        {
            foreach (var name in (string[])[RefreshCookie, DeviceCookie])
                if (Cookie(answer, name) is { } value) jar[name] = value;
        }
        return answer;
    }

    private static string? Cookie(Answer answer, string name) =>
        answer.Headers.GetValueOrDefault("Set-Cookie")?.Split(", ").FirstOrDefault(cookie => cookie.StartsWith(name + "=", StringComparison.Ordinal))?.Split(';')[0][(name.Length + 1)..];
}
