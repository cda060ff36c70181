using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>Roles over the API: made, changed, given, deleted; and every way to get more than one has.</summary>
public sealed class RoleTests : ServerTests
{
    private const string Roles = "/api/v1/admin/roles";

    [Fact]
    public async Task A_role_is_added_shown_changed_and_deleted_with_a_row_each()
    {
        var admin = await Admin();
        var before = (await Server.Journal())[^1].Seq;

        var added = await Client.PostJson(Roles, new { name = "support", description = "First line", permissions = (string[])["users:recover", "users:read", "users:read"] }, admin);
        Assert.Equal(HttpStatusCode.Created, added.Status);
        added.Json.MustMatchGolden("role");
        (await Client.PostJson(Roles, new { name = "support" }, admin)).MustBe(HttpStatusCode.Conflict, "role_exists");
        var changed = await Client.Patch($"{Roles}/support", new { permissions = (string[])["orders:read"] }, admin);
        Assert.Equal(["orders:read"], changed.Json.Texts("permissions"));
        Assert.Equal("First line", changed.Json.Text("description"));
        Assert.Equal(4, (await Client.Get(Roles, admin)).Json.GetProperty("roles").GetArrayLength());
        Assert.Equal(HttpStatusCode.NoContent, (await Client.Delete($"{Roles}/support", admin)).Status);
        (await Client.Delete($"{Roles}/support", admin)).MustBe(HttpStatusCode.NotFound, "not_found");

        var rows = await Server.Journal(before);
        Assert.Equal([JournalKind.RoleAdded, JournalKind.RoleEdited, JournalKind.RoleDeleted], rows.Select(row => row.Kind));
        Assert.All(rows, row => Assert.Equal(("support", true), (row.Detail, row.ActorId is not null)));
    }

    [Fact]
    public async Task A_role_in_use_and_one_that_is_built_in_stay()
    {
        var admin = await Admin();
        await Server.AddRole("support", Permission.UsersRead);
        await Server.JoinAs(Client, "helper", "user", "support");
        await Server.JoinAs(Client, "other", "support");

        Assert.Contains("2 users", (await Client.Delete($"{Roles}/support", admin)).MustBe(HttpStatusCode.Conflict, "role_in_use").Json.Text("detail"), StringComparison.Ordinal);
        foreach (var name in Role.All) (await Client.Delete($"{Roles}/{name}", admin)).MustBe(HttpStatusCode.Conflict, "role_built_in");
        (await Client.Patch($"{Roles}/admin", new { permissions = Array.Empty<string>() }, admin)).MustBe(HttpStatusCode.Conflict, "role_built_in");
        Assert.Equal(HttpStatusCode.OK, (await Client.Patch($"{Roles}/guest", new { permissions = (string[])["orders:read"] }, admin)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/api/v1/users", admin)).Status);
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"Support"}""", "name")]
    [InlineData("""{"name":"9lives"}""", "name")]
    [InlineData("""{"name":"a b"}""", "name")]
    [InlineData("""{"name":"abcdefghijklmnopqrstuvwxyz0123456"}""", "name")]
    [InlineData("""{"name":"support\n"}""", "name")]
    [InlineData("""{"name":"support","permissions":["*"]}""", "permissions")]
    [InlineData("""{"name":"support","permissions":["Users:Read"]}""", "permissions")]
    [InlineData("""{"name":"support","permissions":[""]}""", "permissions")]
    [InlineData("""{"name":"support","description":"a\u0007b"}""", "description")]
    public async Task Names_have_a_form(string body, string field)
    {
        var answer = (await Client.PostRaw(Roles, "application/json", body, await Admin())).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");

        Assert.Equal(field, answer.Fields());
        Assert.Equal(3, await Server.Count("roles"));
    }

    [Fact]
    [Trait("ASVS", "8.2.1")]
    public async Task Whoever_may_edit_roles_gives_nobody_more_than_they_have()
    {
        await Server.AddRole("clerk", Permission.RolesRead, Permission.RolesWrite, Permission.UsersRead, Permission.UsersWrite);
        await Server.AddRole("auditor", Permission.JournalRead);
        await Server.AddRole("shop", "orders:read");
        var clerk = await Server.JoinAs(Client, "clerk1", "clerk");
        var bob = await Client.Join("bob");
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var before = (await Server.Journal())[^1].Seq;

        foreach (var (answer, missing) in (IEnumerable<(Answer, string)>)
        [
            (await Client.PostJson(Roles, new { name = "mine", permissions = (string[])["journal:read"] }, clerk.AccessToken), "journal:read"),
            (await Client.Patch($"{Roles}/clerk", new { permissions = (string[])["users:read", "mail:read"] }, clerk.AccessToken), "mail:read"),
            (await Client.Patch($"{Roles}/auditor", new { permissions = Array.Empty<string>() }, clerk.AccessToken), "journal:read"),
            (await Client.Delete($"{Roles}/auditor", clerk.AccessToken), "journal:read"),
            (await Client.Patch($"/api/v1/users/{bob.Id()}", new { roles = (string[])["user", "auditor"] }, clerk.AccessToken), "journal:read"),
            (await Client.Patch($"/api/v1/users/{bob.Id()}", new { role = "admin" }, clerk.AccessToken), "*"),
            (await Client.PostJson("/api/v1/users", new { email = "x@example.test", password = TestClient.Password, role = "admin" }, clerk.AccessToken), "*"),
            (await Client.Patch($"/api/v1/users/{root.Id()}", new { email = "clerk@evil.test" }, clerk.AccessToken), "*"),
            (await Client.Patch($"/api/v1/users/{root.Id()}", new { roles = (string[])["user"] }, clerk.AccessToken), "*"),
            (await Client.Delete($"/api/v1/users/{root.Id()}", clerk.AccessToken), "*"),
            (await Client.Post($"/api/v1/admin/users/{root.Id()}/disable", clerk.AccessToken), "*"),
        ])
        {
            answer.MustBe(HttpStatusCode.Forbidden, "missing_permission");
            Assert.Contains($" {missing},", answer.Json.Text("detail"), StringComparison.Ordinal);
        }
        Assert.Empty(await Server.Journal(before));

        var given = await Client.Patch($"/api/v1/users/{bob.Id()}", new { roles = (string[])["user", "clerk", "user"] }, clerk.AccessToken);
        Assert.Equal(["user", "clerk"], given.Json.Texts("roles"));
        Assert.Equal(HttpStatusCode.Created, (await Client.PostJson(Roles, new { name = "buyer", permissions = (string[])["orders:write"] }, clerk.AccessToken)).Status);
    }

    [Fact]
    public async Task New_roles_stand_in_the_next_token_and_the_old_one_says_to_refresh()
    {
        await Server.AddRole("support", Permission.UsersRead);
        var admin = await Admin();
        var bob = await Client.Join("bob");

        var changed = await Client.Patch($"/api/v1/users/{bob.Id()}", new { roles = (string[])["support", "user", "admin"] }, admin);

        Assert.Equal(("admin", "admin support user"), (changed.Json.Text("role"), string.Join(' ', changed.Json.Texts("roles"))));
        (await Client.Me(bob)).MustBe(HttpStatusCode.Unauthorized, "token_stale");
        var renewed = await Client.Refresh(bob);
        Assert.Equal(bob.SessionId, renewed.SessionId);
        Assert.Equal(["admin", "support", "user"], renewed.Claims.Texts("roles"));
        Assert.Equal(["admin", "support", "user"], (await Client.Me(renewed)).Json.Texts("roles"));
        var row = Assert.Single(await Server.Journal(), row => row.Kind == JournalKind.RoleChanged && row.ActorId is not null);
        Assert.Equal((bob.Id(), "admin support user"), (row.UserId, row.Detail));
    }

    [Fact]
    public async Task A_role_that_is_not_there_is_given_to_nobody()
    {
        var admin = await Admin();
        var bob = await Client.Join("bob");

        var answer = (await Client.Patch($"/api/v1/users/{bob.Id()}", new { roles = (string[])["user", "emperor"], full_name = "B" }, admin)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");

        Assert.Equal("roles", answer.Fields());
        var me = (await Client.Me(bob)).Json;
        Assert.Equal(("user", null), (me.Text("role"), me.GetProperty("full_name").GetString()));
        (await Client.PostJson("/api/v1/users", new { email = "x@example.test", password = TestClient.Password, roles = (string[])["emperor"] }, admin)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
        foreach (var roles in (object[])[Array.Empty<string>(), Enumerable.Range(0, 17).Select(i => $"r{i}").ToArray(), new object?[] { null }, "user"])
            (await Client.Patch($"/api/v1/users/{bob.Id()}", new { roles }, admin)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
    }

    private async Task<string> Admin() => (await Server.JoinAs(Client, "root", Role.Admin)).AccessToken;
}
