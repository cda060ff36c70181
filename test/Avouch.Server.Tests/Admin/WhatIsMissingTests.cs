using System.Net;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>Routes that do more for some people say what is missing, and show nobody what they may not see.</summary>
public sealed class WhatIsMissingTests : ServerTests
{
    [Fact]
    [Trait("ASVS", "8.2.2")]
    public async Task Whoever_may_read_users_learns_that_changing_them_needs_more()
    {
        await Server.AddRole("reader", Permission.UsersRead);
        var reader = await Server.JoinAs(Client, "read", "user", "reader");
        var bob = await Client.Join("bob");

        var answer = await Client.Patch($"/api/v1/users/{bob.Id()}", new { full_name = "x" }, reader.AccessToken);

        Assert.Contains(Permission.UsersWrite, answer.MustBe(HttpStatusCode.Forbidden, "missing_permission").Json.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("ASVS", "8.2.3")]
    public async Task Whoever_may_give_roles_changes_roles_and_nothing_else_and_sees_nobody()
    {
        await Server.AddRole("granter", Permission.RolesWrite);
        var granter = await Server.JoinAs(Client, "grant", "user", "granter");
        var bob = await Client.Join("bob");
        var url = $"/api/v1/users/{bob.Id()}";
        var before = (await Server.Journal())[^1].Seq;

        foreach (var body in (object[])[new { full_name = "x" }, new { role = "guest", email = "x@example.test" }, new { is_active = false }, new { }])
            (await Client.Patch(url, body, granter.AccessToken)).MustBe(HttpStatusCode.Forbidden, "missing_permission");
        Assert.Empty(await Server.Journal(before));

        var given = await Client.Patch(url, new { roles = (string[])["user", "granter"] }, granter.AccessToken);
        Assert.Equal((HttpStatusCode.NoContent, ""), (given.Status, given.Text));
        Assert.Equal(["user", "granter"], (await Server.Get<UserAccounts>().Find(bob.Id()))!.Roles);
    }

    [Fact]
    [Trait("ASVS", "8.2.3")]
    public async Task Whoever_changes_users_without_reading_them_is_shown_none()
    {
        await Server.AddRole("writer", Permission.UsersWrite);
        var writer = await Server.JoinAs(Client, "write", "user", "writer");
        var bob = await Client.Join("bob");

        foreach (var body in (object[])[new { }, new { full_name = "Bob" }])
        {
            var answer = await Client.Patch($"/api/v1/users/{bob.Id()}", body, writer.AccessToken);
            Assert.Equal((HttpStatusCode.NoContent, ""), (answer.Status, answer.Text));
        }
        Assert.Equal("Bob", (await Server.Get<UserAccounts>().Find(bob.Id()))!.FullName);
        (await Client.Get($"/api/v1/users/{bob.Id()}", writer.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_role_that_got_a_permission_after_the_token_was_issued_asks_for_its_scope()
    {
        await Server.AddRole("later");
        var helper = await Server.JoinAs(Client, "help", "user", "later");
        var bob = await Client.Join("bob");
        await Server.Get<RoleCatalogue>().Update("later", new RolePatch([Permission.UsersRead, Permission.UsersWrite]));

        foreach (var answer in (Answer[])
        [
            await Client.Get("/api/v1/users", helper.AccessToken), await Client.Get($"/api/v1/users/{bob.Id()}", helper.AccessToken),
            await Client.Patch($"/api/v1/users/{bob.Id()}", new { full_name = "x" }, helper.AccessToken),
        ])
            Assert.Contains("avouch:admin", answer.MustBe(HttpStatusCode.Forbidden, "insufficient_scope").Headers["WWW-Authenticate"], StringComparison.Ordinal);

        var fresh = await Client.Refresh(helper);
        Assert.Equal(HttpStatusCode.OK, (await Client.Patch($"/api/v1/users/{bob.Id()}", new { full_name = "x" }, fresh.AccessToken)).Status);
    }
}
