using System.Net;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>Roles at <c>/admin/roles</c>: what each permits, who has it, and how one is made, changed and deleted.</summary>
public sealed class RolePageTests : ServerTests
{
    [Fact]
    public async Task A_role_is_made_changed_and_deleted_without_a_script()
    {
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.NoScript);
        await root.Open("/admin/roles");
        await root.Look("admin-roles");
        await root.Follow("New role");
        await root.Look("admin-role-new");
        await root.Page.Locator("#name").FillAsync("support");
        await root.Page.Locator("#description").FillAsync("First line <b>");
        await root.Page.Locator("[name='permission_users:read']").CheckAsync();
        await root.Page.Locator("#others").FillAsync("orders:read\norders:refund\n\norders:read");
        await root.Press("Add");

        await root.Sees("The role is there.");
        await root.Sees("First line <b>");
        await root.Sees("See accounts: list, search, count.");
        await root.Look("admin-role");
        Assert.Equal(["orders:read", "orders:refund", "users:read"], Find("support")!.Permissions);
        await root.Follow("Edit");
        Assert.Equal("orders:read\norders:refund", await root.Page.Locator("#others").InputValueAsync());
        await root.Page.Locator("[name='permission_users:recover']").CheckAsync();
        await root.Page.Locator("#others").FillAsync("Not A Name");
        root.Expect(422);
        await root.Press("Save");
        await root.Sees("The name of a permission has 1 to 64");
        await root.Page.Locator("#others").FillAsync("");
        await root.Press("Save");
        Assert.Equal(["users:read", "users:recover"], Find("support")!.Permissions);
        await root.Follow("Delete");
        await root.Look("admin-role-delete");
        await root.Press("Delete for good");
        await root.Sees("The role is deleted.");
        Assert.Null(Find("support"));
    }

    [Theory]
    [InlineData(360, true, "en")]
    [InlineData(1100, false, "en")]
    [InlineData(1100, false, "de")]
    public async Task They_look_well_in_every_light(int width, bool isDark, string language)
    {
        await Server.AddRole("support", [.. Permission.OfThisServer, "orders:read", new string('x', 64)]);
        await Server.AddRole("nothing-but-a-name-that-is-long");
        await Server.JoinAs(Client, "anna", "support");
        await using var root = await Server.Staff(Client, "root", [Role.Admin], new Glasses { Width = width, IsDark = isDark, Language = language });

        foreach (var (path, name) in ((string, string)[])[("roles", "admin-roles"), ("roles/support", "admin-role"), ("roles/user", "admin-role-built-in"), ("roles/support/edit", "admin-role-edit"), ("new-role", "admin-role-new"), ("roles/support/delete", "admin-role-delete")])
        {
            await root.Open("/admin/" + path);
            await root.Look(name);
        }
    }

    [Fact]
    public async Task Each_says_how_many_have_it_and_leads_to_them()
    {
        await Server.AddRole("support", "users:read");
        foreach (var name in (string[])["anna", "bert"]) await Server.JoinAs(Client, name, "support");
        await using var root = await Server.Staff(Client, "root", [Role.Admin]);
        await root.Open("/admin/roles");

        await root.Follow("People with the role support: 2");

        Assert.Equal("/admin/users?role=support", root.Place);
        await root.Sees("2 found.");
        var clerk = await Clerk.SignIn(Client, "root");
        Assert.Contains("so it stays", (await clerk.Get("/admin/roles/support/delete")).Text, StringComparison.Ordinal);
        (await clerk.Post("/admin/roles/support/delete")).MustRefuse(HttpStatusCode.Conflict);
        Assert.NotNull(Find("support"));
    }

    [Fact]
    public async Task Those_that_are_built_in_stay_as_they_are()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");

        foreach (var name in Role.All)
        {
            Assert.DoesNotContain($"/admin/roles/{name}/edit", (await root.Get($"/admin/roles/{name}")).Text, StringComparison.Ordinal);
            foreach (var act in (string[])["edit", "delete"])
            {
                (await root.Get($"/admin/roles/{name}/{act}")).MustRefuse(HttpStatusCode.Conflict);
                (await root.Post($"/admin/roles/{name}/{act}", ("permission_users:read", "on"))).MustRefuse(HttpStatusCode.Conflict);
            }
        }
        Assert.Empty(Find(Role.User)!.Permissions);
    }

    [Fact]
    [Trait("ASVS", "8.2.1")]
    public async Task Nobody_makes_or_touches_a_role_that_may_do_more_than_they()
    {
        await Server.AddRole("giver", "roles:read", "roles:write", "users:read");
        await Server.AddRole("keeper", "keys:write");
        await Server.AddRole("small", "users:read");
        await Server.JoinAs(Client, "gil", "giver");
        var gil = await Clerk.SignIn(Client, "gil");

        Assert.Matches("name=\"permission_keys:write\" disabled", (await gil.Get("/admin/new-role")).Text);
        (await gil.Post("/admin/new-role", ("name", "evil"), ("permission_keys:write", "on"))).MustRefuse(HttpStatusCode.Forbidden);
        (await gil.Post("/admin/new-role", ("name", "evil"), ("others", "users:write"))).MustRefuse(HttpStatusCode.Forbidden);
        (await gil.Post("/admin/new-role", ("name", "evil"), ("others", "*"))).MustRefuse(HttpStatusCode.UnprocessableEntity);
        (await gil.Post("/admin/roles/small/edit", ("permission_users:write", "on"))).MustRefuse(HttpStatusCode.Forbidden);
        foreach (var act in (string[])["edit", "delete"]) (await gil.Post($"/admin/roles/keeper/{act}")).MustRefuse(HttpStatusCode.Forbidden);
        Assert.Contains("This role may do more than you", (await gil.Get("/admin/roles/keeper")).Text, StringComparison.Ordinal);

        Assert.Null(Find("evil"));
        Assert.Equal(["users:read", "keys:write"], Find("small")!.Permissions.Concat(Find("keeper")!.Permissions));
        (await gil.Post("/admin/new-role", ("name", "fine"), ("permission_users:read", "on"))).MustLeadTo("/admin/roles/fine");
    }

    [Fact]
    public async Task A_name_is_checked_taken_once_and_may_be_new()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");

        foreach (var name in (string[])["", "Big", "a b", "1x"]) (await root.Post("/admin/new-role", ("name", name))).MustRefuse(HttpStatusCode.UnprocessableEntity);
        (await root.Post("/admin/new-role", ("name", "new"))).MustLeadTo("/admin/roles/new");
        Assert.Equal(HttpStatusCode.OK, (await root.Get("/admin/roles/new")).Status);
        (await root.Post("/admin/new-role", ("name", "new"), ("description", "twice"))).MustRefuse(HttpStatusCode.Conflict);
        (await root.Get("/admin/roles/nobodys")).MustRefuse(HttpStatusCode.NotFound);
        Pass(TimeSpan.FromMinutes(11));
        foreach (var path in (string[])["/admin/new-role", "/admin/roles/new/edit", "/admin/roles/new/delete"]) (await root.Post(path, ("name", "late"))).MustLeadTo("/confirm");
        Assert.NotNull(Find("new"));
    }

    private StoredRole? Find(string name) => Server.Get<RoleCatalogue>().Current.Find(name);
}
