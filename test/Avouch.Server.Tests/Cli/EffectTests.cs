using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>What commands beside a running server do to the people who are signed in at it: at once, over HTTP.</summary>
public sealed class EffectTests : IAsyncLifetime
{
    private Place place = null!;

    private TestClient Client => place.Client!;

    public async ValueTask InitializeAsync() => place = await Place.Open(hasServer: true);

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Fact]
    public async Task Whoever_is_disabled_is_refused_and_stays_out_when_enabled_again()
    {
        var tokens = await Client.Join("alice");

        await place.Do("users", "disable", "alice");
        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        await place.Do("users", "enable", "alice");

        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        await Client.SignIn("alice");
    }

    [Fact]
    public async Task A_new_role_needs_a_refresh_and_no_new_sign_in()
    {
        var tokens = await Client.Join("alice");

        await place.Do("users", "set-role", "alice", "admin");

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "token_stale");
        var renewed = await Client.Refresh(tokens);
        Assert.Equal((tokens.SessionId, "admin"), (renewed.SessionId, (await Client.Me(renewed)).Json.Text("role")));
    }

    [Fact]
    public async Task A_generated_password_signs_in_and_every_session_has_ended()
    {
        var tokens = await Client.Join("alice");

        var password = (await place.Do("users", "reset-password", "alice", "--generate")).Trim();

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        await Client.SignIn("alice", password);
        (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Whoever_is_deleted_is_refused()
    {
        var tokens = await Client.Join("alice");

        await place.Do("users", "delete", "alice", "--yes");

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Sessions_are_listed_and_one_or_all_of_a_user_end()
    {
        var phone = await Client.Join("alice");
        var laptop = await Client.SignIn("alice");
        var bob = await Client.Join("bob");
        Assert.Equal(3, (await place.List("sessions", "list")).Count);
        var ofAlice = await place.List("sessions", "list", "alice");
        Assert.Equal(["alice", "alice"], ofAlice.Select(session => session.Text("user")));

        await place.Do("sessions", "end", phone.SessionId.ToString());
        (await Client.Me(phone)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(laptop)).Status);
        Assert.Equal(1, (await place.Run("sessions", "end", phone.SessionId.ToString())).Exit);

        Assert.Contains("1", await place.Do("sessions", "end", "--user", "alice"), StringComparison.Ordinal);
        (await Client.Me(laptop)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);
        Assert.All(await place.List("journal", "list", "--kind", "session.ended"), row => Assert.Equal("ended_by_administrator", row.Text("detail")));
    }

    [Fact]
    public async Task A_withdrawn_key_counts_no_more_and_nobody_signs_in_again()
    {
        var tokens = await Client.Join("alice");
        var keyId = tokens.Header.Text("kid");
        Assert.Equal("signing", Assert.Single(await place.List("keys", "list"), key => key.Text("kid") == keyId).Text("state"));

        Assert.Equal(1, (await place.Run("keys", "withdraw", keyId)).Exit);   // nobody was asked
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        await place.Do("keys", "withdraw", keyId, "--yes");

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
        var renewed = await Client.Refresh(tokens);
        Assert.Equal(tokens.SessionId, renewed.SessionId);
        Assert.NotEqual(keyId, renewed.Header.Text("kid"));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(renewed)).Status);
        Assert.DoesNotContain(keyId, (await Client.Get("/.well-known/jwks.json")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_key_is_noticed_by_nobody_who_asks_the_server()
    {
        var tokens = await Client.Join("alice");

        await place.Do("keys", "rotate", "--now");

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        Assert.NotEqual(tokens.Header.Text("kid"), (await Client.Refresh(tokens)).Header.Text("kid"));
    }

    [Fact]
    public async Task The_journal_is_followed_as_it_is_written_until_Ctrl_C()
    {
        await using var following = place.Start("journal", "follow", "--kind", "user");
        Assert.StartsWith("SEQ", await following.ReadLine(), StringComparison.Ordinal);

        await Client.Join("alice");   // two rows, one of which is of this family
        await place.Do("users", "disable", "alice");

        Assert.Contains("user.registered", await following.ReadLine(), StringComparison.Ordinal);
        Assert.Contains("user.disabled", await following.ReadLine(), StringComparison.Ordinal);
        var end = await following.Interrupt();
        Assert.Equal((0, "", ""), (end.Exit, end.Output, end.Error));
    }

    [Fact]
    public async Task A_follower_who_is_killed_disturbs_nobody_and_one_who_stays_is_told_when_the_server_stops()
    {
        var killed = place.Start("journal", "follow");
        await killed.ReadLine();
        await killed.DisposeAsync();
        await using var following = place.Start("journal", "follow");
        await following.ReadLine();
        await Client.Join("alice");
        Assert.Contains("user.registered", await following.ReadLine(), StringComparison.Ordinal);

        var stopped = await place.StopServer();

        Assert.Equal(0, stopped.Exit);
        Assert.DoesNotContain("fail:", stopped.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await following.Finish()).Exit);
    }
}
