using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

public sealed class LogoutTests : ServerTests
{
    private const string Url = "/api/v1/auth/logout";

    // ASVS 7.4.1
    [Fact]
    public async Task Logout_ends_the_session_and_every_token_of_it_at_once()
    {
        var first = await Client.Join("alice");
        var second = await Client.Refresh(first);

        var answer = await Client.Logout(second);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var end = await TheEnd();
        Assert.Equal((EndReason.SignedOut, (Guid?)first.SessionId, "127.0.0.1"), (end.Detail, end.SessionId, end.Address));
        foreach (var tokens in (Tokens[])[first, second])
        {
            var me = (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
            var refresh = (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
            Assert.Equal(($"j-{end.Seq}", $"j-{end.Seq}"), (me.Reason, refresh.Reason));
        }
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);   // the refusals wrote nothing
    }

    [Fact]
    public async Task Other_sessions_of_the_user_go_on()
    {
        var one = await Client.Join("alice");
        var other = await Client.SignIn("alice");

        await Client.Logout(one);

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(other)).Status);
        await Client.Refresh(other);
    }

    // ASVS 7.5.2
    [Fact]
    public async Task With_all_every_session_of_the_user_ends_and_nobody_elses()
    {
        var one = await Client.Join("alice");
        var other = await Client.SignIn("alice");
        var bob = await Client.Join("bob");

        var answer = await Client.Logout(one, new { all = true });

        Assert.Equal("Signed out of 2 sessions.", answer.Json.Text("message"));
        (await Client.Me(one)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.Me(other)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(other.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);
        Assert.Equal(2, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.SessionEnded));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("form")]
    public async Task With_only_a_refresh_token_its_session_ends(string body)
    {
        var tokens = await Client.Join("alice");

        var answer = body == "json" ? await Client.PostJson(Url, new { refresh_token = tokens.RefreshToken }) : await Client.PostForm(Url, ("refresh_token", tokens.RefreshToken));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task An_access_token_that_has_expired_is_helped_out_by_the_refresh_token()
    {
        var tokens = await Client.Join("alice");
        Pass(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.OK, (await Client.Logout(tokens, new { refresh_token = tokens.RefreshToken })).Status);

        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(EndReason.SignedOut, (await TheEnd()).Detail);
    }

    [Fact]
    public async Task With_a_form_all_is_said_too()
    {
        var tokens = await Client.Join("alice");
        await Client.SignIn("alice");

        var answer = await Client.PostRaw(Url, "application/x-www-form-urlencoded", "all=true", tokens.AccessToken);

        Assert.Equal("Signed out of 2 sessions.", answer.Json.Text("message"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task The_body_may_be_empty(string? contentType)
    {
        var tokens = await Client.Join("alice");

        Assert.Equal(HttpStatusCode.OK, (await Client.PostRaw(Url, contentType, "", tokens.AccessToken)).Status);

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task With_neither_token_nobody_is_signed_out()
    {
        var tokens = await Client.Join("alice");

        (await Client.PostJson(Url, new { })).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");
        (await Client.PostJson(Url, new { all = true })).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");
        (await Client.PostJson(Url, new { refresh_token = "" })).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");
        (await Client.PostJson(Url, new { refresh_token = "avr_garbage" })).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.PostJson(Url, new { all = true, refresh_token = tokens.RefreshToken })).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");
        (await Client.PostRaw(Url + "?refresh_token=" + tokens.RefreshToken, null, "")).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
    }

    [Fact]
    public async Task A_second_logout_is_refused_and_points_to_the_first()
    {
        var tokens = await Client.Join("alice");
        await Client.Logout(tokens);

        var again = (await Client.Logout(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");

        Assert.Equal($"j-{(await TheEnd()).Seq}", again.Reason);
    }

    private async Task<JournalEntry> TheEnd() => Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
}
