using System.Net;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

public sealed class MeTests : ServerTests
{
    public static TheoryData<string> Urls => ["/api/v1/auth/me", "/api/v1/users/me", "/api/v1/users/me/status"];

    [Theory]
    [MemberData(nameof(Urls))]
    [Trait("ASVS", "14.3.2")]
    public async Task The_user_is_answered_as_at_registration(string url)
    {
        var registered = await Client.Register("alice");
        var tokens = await Client.SignIn("alice");

        var answer = await Client.Get(url, tokens.AccessToken);

        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.Status, answer.Headers["Cache-Control"]));
        foreach (var member in registered.EnumerateObject().Where(member => member.Name != "last_login_at"))
            Assert.Equal(member.Value.ToString(), answer.Json.GetProperty(member.Name).ToString());
        Assert.Equal(registered.EnumerateObject().Count(), answer.Json.EnumerateObject().Count());
    }

    [Theory]
    [MemberData(nameof(Urls))]
    public async Task A_change_is_seen_at_once_although_the_answer_is_cached(string url)
    {
        var tokens = await Client.Join("alice");
        await Client.Get(url, tokens.AccessToken);

        await Server.Get<UserChanges>().SetRole(tokens.Claims.GetProperty("sub").GetGuid(), Role.Admin);

        (await Client.Get(url, tokens.AccessToken)).MustBe(HttpStatusCode.Unauthorized, "token_stale");
        tokens = await Client.Refresh(tokens);
        Assert.Equal("admin", (await Client.Get(url, tokens.AccessToken)).Json.Text("role"));
    }

    [Fact]
    public async Task Each_user_gets_their_own_answer()
    {
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("alice", (await Client.Me(alice)).Json.Text("username"));
            Assert.Equal("bob", (await Client.Me(bob)).Json.Text("username"));
        }
    }

    [Fact]
    public async Task A_check_leaves_no_row_behind()
    {
        var tokens = await Client.Join("alice");
        var before = (await Server.Journal()).Count;

        for (var i = 0; i < 20; i++) await Client.Me(tokens);

        Assert.Equal(before, (await Server.Journal()).Count);
        Assert.Equal(1, await Server.Count("sessions"));
    }
}
