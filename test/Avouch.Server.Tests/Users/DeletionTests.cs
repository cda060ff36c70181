using System.Net;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>A deleted account leaves nothing behind but its rows in the journal, and those are enough.</summary>
public sealed class DeletionTests : ServerTests
{
    [Fact]
    public async Task Tokens_of_a_deleted_user_are_refused_after_a_restart_too()
    {
        var tokens = await Client.Join("alice");
        var other = await Client.Join("bob");
        await Server.Get<UserChanges>().Delete(Id(tokens));
        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");

        await Restart();

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(other)).Status);
        Assert.Equal((1L, 1L), (await Server.Count("users"), await Server.Count("sessions")));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(24 * 60)]
    public async Task However_long_their_life_they_are_refused_to_the_end(int minutes)
    {
        await Restart(("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", $"{minutes}"), ("AVOUCH_JOURNAL_RETENTION_DAYS", "1"));
        var tokens = await Client.Join("alice");
        await Server.Get<UserChanges>().Delete(Id(tokens));
        Pass(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));

        await Restart(("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", "1"));

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    [Trait("ASVS", "7.4.2")]
    public async Task Whoever_is_deleted_is_refused_everywhere_at_once()
    {
        var one = await Client.Join("alice");
        var other = await Client.SignIn("alice");
        var bob = await Client.Join("bob");

        await Server.Get<UserChanges>().Delete(Id(one));

        foreach (var tokens in (Tokens[])[one, other])
        {
            (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
            (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        }
        (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);
    }

    [Fact]
    public async Task Nobody_is_deleted_twice()
    {
        var id = Id(await Client.Join("alice"));

        Assert.Equal(UserChange.Done, await Server.Get<UserChanges>().Delete(id));
        var rows = (await Server.Journal()).Count;

        Assert.Equal(UserChange.NoSuchUser, await Server.Get<UserChanges>().Delete(id));
        Assert.Equal(rows, (await Server.Journal()).Count);
    }

    [Fact]
    public async Task Of_two_administrators_that_demote_each_other_at_once_one_stays()
    {
        var alice = Id(await Client.Join("alice"));
        var bob = Id(await Client.Join("bob"));
        var changes = Server.Get<UserChanges>();
        foreach (var id in (Guid[])[alice, bob]) await changes.SetRole(id, Role.Admin);

        var both = await Task.WhenAll(changes.SetRole(alice, Role.User, keepsAnAdmin: true).AsTask(), changes.Disable(bob, keepsAnAdmin: true).AsTask());

        Assert.Equal([UserChange.Done, UserChange.LastAdmin], both.Order());
        Assert.True(await Server.Get<UserAccounts>().HasAdmin());
    }

    private static Guid Id(Tokens tokens) => tokens.Claims.GetProperty("sub").GetGuid();
}
