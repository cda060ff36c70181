using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>The routes that want a verified address, by setting; and those that nobody is ever locked out of.</summary>
public sealed class VerifiedEmailTests : ServerTests
{
    private static readonly string[] Always = ["/api/v1/users/me", "/api/v1/auth/me", "/api/v1/auth/sessions", "/api/v1/users/me/export"];

    [Fact]
    public async Task Without_the_setting_nobody_is_asked()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);

        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/api/v1/users", root.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Patch("/api/v1/users/me", new { full_name = "R" }, root.AccessToken)).Status);
    }

    [Theory, InlineData("admin"), InlineData("account")]
    public async Task With_it_a_group_wants_one_until_the_moment_it_is_verified(string group)
    {
        await Restart(("AVOUCH_REQUIRE_VERIFIED_EMAIL", group), ("AVOUCH_MEMBERS_SEE_NAMES", "true"));
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Client.Join("alice");
        string[] administration = ["/api/v1/users", $"/api/v1/users/{alice.Id()}", "/api/v1/users/stats/count", "/api/v1/admin/roles", "/api/v1/admin/journal"];

        foreach (var url in administration) (await Client.Get(url, root.AccessToken)).MustBe(HttpStatusCode.Forbidden, "email_not_verified");
        (await Client.Post($"/api/v1/admin/users/{alice.Id()}/disable", root.AccessToken)).MustBe(HttpStatusCode.Forbidden, "email_not_verified");
        (await Client.Patch($"/api/v1/users/{alice.Id()}", new { full_name = "x" }, root.AccessToken)).MustBe(HttpStatusCode.Forbidden, "email_not_verified");
        var own = await Client.Patch("/api/v1/users/me", new { full_name = "A" }, alice.AccessToken);
        var names = await Client.Get("/api/v1/users", alice.AccessToken);
        Assert.Equal(group == "account" ? HttpStatusCode.Forbidden : HttpStatusCode.OK, own.Status);
        Assert.Equal(own.Status, names.Status);
        foreach (var url in Always)
            foreach (var tokens in (Tokens[])[root, alice])
                Assert.Equal(HttpStatusCode.OK, (await Client.Get(url, tokens.AccessToken)).Status);

        await Verify(root.Id());
        await Verify(alice.Id());

        foreach (var url in administration) Assert.Equal(HttpStatusCode.OK, (await Client.Get(url, root.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Patch("/api/v1/users/me", new { full_name = "A" }, alice.AccessToken)).Status);
    }

    [Fact]
    public async Task The_way_out_and_the_refresh_stay_open()
    {
        await Restart(("AVOUCH_REQUIRE_VERIFIED_EMAIL", "account"));
        var alice = await Client.Join("alice");

        alice = await Client.Refresh(alice);
        Assert.Equal(HttpStatusCode.OK, (await Client.Logout(alice)).Status);
        alice = await Client.SignIn("alice");
        Assert.Equal(HttpStatusCode.OK, (await Client.DeleteJson("/api/v1/users/me", new { current_password = TestClient.Password }, alice.AccessToken)).Status);
    }

    private Task Verify(Guid user) => Server.Database.Write(async transaction =>
    {
        await transaction.Execute("UPDATE users SET is_verified = TRUE WHERE id = @id", ("id", user));
        await Server.Get<SecurityJournal>().Add(transaction, new JournalEntry(JournalKind.UserEdited, Server.Time.GetUtcNow()) { UserId = user });
    }).AsTask();
}
