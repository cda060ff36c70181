using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>What people change about themselves, and everything that they cannot.</summary>
public sealed class ProfileTests : ServerTests
{
    private const string Me = "/api/v1/users/me";

    [Fact]
    public async Task What_is_sent_changes_what_is_left_out_stays_and_null_clears()
    {
        var alice = await Client.Join("alice");

        var first = await Client.Patch(Me, new { full_name = " Alice Müller ", locale = "de-CH" }, alice.AccessToken);
        first.Json.MustMatchGolden("user-edited");
        var second = await Client.PatchRaw(Me, """{"full_name":null,"username":"Alice2"}""", alice.AccessToken);
        Assert.Equal(("Alice2", null, "de-CH"), (second.Json.Text("username"), second.Json.GetProperty("full_name").GetString(), second.Json.Text("locale")));
        var third = await Client.PatchRaw(Me, "{}", alice.AccessToken);
        Assert.Equal(second.Text, third.Text);

        Assert.Equal(second.Text, (await Client.Me(alice)).Text);   // the same token: names are not in it
        Assert.Equal(["full_name locale", "username full_name"], (await Server.Journal()).Where(row => row.Kind == JournalKind.UserEdited).Select(row => row.Detail));
        await Client.SignIn("alice2");
        (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Theory]
    [InlineData("""{"role":"admin"}""", "role")]
    [InlineData("""{"roles":["admin"]}""", "roles")]
    [InlineData("""{"full_name":"A","is_active":false}""", "is_active")]
    [InlineData("""{"is_verified":true,"is_admin":true}""", "is_admin, is_verified")]
    [InlineData("""{"email":"evil@example.test"}""", "email")]
    [InlineData("""{"password":"another horse 43"}""", "password")]
    [InlineData("""{"epoch":0,"id":"019aa5c1-7f2e-7c3b-9d54-0b6f1f0e5a21"}""", "epoch, id")]
    [InlineData("""{"Role":"admin"}""", "other")]
    [InlineData("""{"ROLE":"admin","full_name":"A"}""", "other")]
    [InlineData("""{"user":{"role":"admin"}}""", "user")]
    [InlineData("""{"full_name":{"role":"admin"}}""", "full_name")]
    [InlineData("""{"username":"a"}""", "username")]
    [InlineData("""{"username":"a@b.c"}""", "username")]
    [InlineData("""{"username":7}""", "username")]
    [InlineData("""{"full_name":"a\u202Eb"}""", "full_name")]
    [InlineData("""{"full_name":"\uD800"}""", "full_name")]
    [InlineData("""{"locale":"../../etc"}""", "locale")]
    [Trait("ASVS", "8.2.3")]
    public async Task A_role_a_status_and_all_that_is_no_ones_own_to_change_is_refused_by_name(string body, string fields)
    {
        var alice = await Client.Join("alice");
        var (before, rows) = ((await Client.Me(alice)).Text, (await Server.Journal()).Count);

        foreach (var url in (string[])[Me, $"/api/v1/users/{alice.Id()}"])
        {
            var answer = (await Client.PatchRaw(url, body, alice.AccessToken)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
            if (!body.Contains("uD800", StringComparison.Ordinal)) Assert.Equal(fields, answer.Fields());
        }

        Assert.Equal((before, rows), ((await Client.Me(alice)).Text, (await Server.Journal()).Count));
    }

    [Theory]
    [InlineData("""{"full_name":"A","full_name":"B"}""")]
    [InlineData("""{"locale":"de","full_name":"A","locale":"en"}""")]
    [InlineData("""["role"]""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"full_name":"A"}{"role":"admin"}""")]
    [Trait("ASVS", "8.2.3")]
    public async Task What_can_be_read_in_two_ways_is_read_in_none(string body)
    {
        var alice = await Client.Join("alice");

        (await Client.PatchRaw(Me, body, alice.AccessToken)).MustBe(HttpStatusCode.BadRequest, "invalid_json");

        Assert.Null((await Client.Me(alice)).Json.GetProperty("full_name").GetString());
    }

    [Fact]
    public async Task A_name_that_is_taken_stays_with_its_owner()
    {
        var alice = await Client.Join("alice");
        await Client.Register("bob");

        (await Client.Patch(Me, new { username = "ＢＯＢ", full_name = "A" }, alice.AccessToken)).MustBe(HttpStatusCode.Conflict, "username_taken");

        Assert.Equal(("alice", null), ((await Client.Me(alice)).Json.Text("username"), (await Client.Me(alice)).Json.GetProperty("full_name").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await Client.Patch(Me, new { username = "ALICE" }, alice.AccessToken)).Status);   // one's own name in other letters
    }

    [Fact]
    [Trait("ASVS", "8.2.2")]
    public async Task Somebody_else_is_not_there()
    {
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");

        var theirs = (await Client.Get($"/api/v1/users/{bob.Id()}", alice.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
        var nobodys = (await Client.Get($"/api/v1/users/{Guid.CreateVersion7()}", alice.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(nobodys.Text, theirs.Text);
        (await Client.Patch($"/api/v1/users/{bob.Id()}", new { full_name = "x" }, alice.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal((await Client.Me(alice)).Text, (await Client.Get($"/api/v1/users/{alice.Id()}", alice.AccessToken)).Text);
    }

    [Fact]
    [Trait("ASVS", "7.4.2")]
    public async Task A_deactivated_account_is_shut_at_once_and_opened_by_an_administrator()
    {
        var one = await Client.Join("alice");
        var other = await Client.SignIn("alice");
        Pass(TimeSpan.FromSeconds(599));
        one = await Client.Refresh(one);

        var answer = await Client.Put($"{Me}/deactivate", one.AccessToken);
        Assert.True(answer.Json.GetProperty("success").GetBoolean());

        foreach (var tokens in (Tokens[])[one, other])
        {
            (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
            (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        }
        (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).MustBe(HttpStatusCode.Forbidden, "account_disabled");
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        Assert.Equal(HttpStatusCode.OK, (await Client.Post($"/api/v1/admin/users/{one.Id()}/enable", root.AccessToken)).Status);
        await Client.SignIn("alice");
        (await Client.Put($"{Me}/deactivate", root.AccessToken)).MustBe(HttpStatusCode.Conflict, "last_admin");
        Pass(TimeSpan.FromSeconds(600));
        (await Client.Put($"{Me}/deactivate", root.AccessToken)).MustBe(HttpStatusCode.Unauthorized, "recent_sign_in_needed");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(root)).Status);
    }
}
