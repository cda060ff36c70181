using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>What a change of a user does to the tokens that are out there.</summary>
public sealed class UserChangesTests : ServerTests
{
    [Fact]
    public async Task A_new_role_needs_a_refresh_and_no_new_sign_in()
    {
        var old = await Client.Join("alice");

        await Changes.SetRole(Id(old), Role.Admin);

        var refused = (await Client.Me(old)).MustBe(HttpStatusCode.Unauthorized, "token_stale");
        var cause = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.RoleChanged);
        Assert.Equal(($"j-{cause.Seq}", "admin"), (refused.Reason, cause.Detail));
        Assert.Contains("error=\"invalid_token\"", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);

        var renewed = await Client.Refresh(old);
        Assert.Equal(old.SessionId, renewed.SessionId);
        Assert.Equal(["admin"], renewed.Claims.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal("avouch:account avouch:admin", renewed.Claims.Text("scope"));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(renewed)).Status);
    }

    [Fact]
    [Trait("ASVS", "7.4.2")]
    public async Task Whoever_is_disabled_is_refused_everywhere_at_once()
    {
        var one = await Client.Join("alice");
        var other = await Client.SignIn("alice");
        var bob = await Client.Join("bob");

        await Changes.Disable(Id(one));

        foreach (var tokens in (Tokens[])[one, other])
        {
            (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
            (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        }
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserDisabled);
        Assert.Equal(2, (await Server.Journal()).Count(entry => entry is { Kind: JournalKind.SessionEnded, Detail: EndReason.UserDisabled }));
    }

    [Fact]
    public async Task Enabling_brings_no_old_session_back()
    {
        var tokens = await Client.Join("alice");
        await Changes.Disable(Id(tokens));

        await Changes.Enable(Id(tokens));

        (await Client.Me(tokens)).MustBeProblem();
        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(await Client.SignIn("alice"))).Status);
    }

    [Fact]
    [Trait("ASVS", "7.4.3")]
    public async Task A_new_password_ends_every_session_and_the_old_one_is_wrong()
    {
        var tokens = await Client.Join("alice");
        var hash = await Server.Get<Avouch.Server.Passwords.PasswordHasher>().Hash("another horse 43", "test", default);

        await Changes.SetPassword(Id(tokens), hash.Hash!);

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        await Client.SignIn("alice", "another horse 43");
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.PasswordChanged);
    }

    [Fact]
    public async Task A_change_is_remembered_over_a_restart()
    {
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");
        await Changes.SetRole(Id(alice), Role.Admin);
        await Changes.Disable(Id(bob));
        var causes = (await Server.Journal()).Where(entry => entry.Kind is JournalKind.RoleChanged or JournalKind.SessionEnded).ToList();

        await Restart();

        var stale = (await Client.Me(alice)).MustBe(HttpStatusCode.Unauthorized, "token_stale");
        var ended = (await Client.Me(bob)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        Assert.Equal(causes.Select(cause => $"j-{cause.Seq}"), [stale.Reason, ended.Reason]);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(await Client.Refresh(alice))).Status);
    }

    private UserChanges Changes => Server.Get<UserChanges>();

    private static Guid Id(Tokens tokens) => tokens.Claims.GetProperty("sub").GetGuid();
}
