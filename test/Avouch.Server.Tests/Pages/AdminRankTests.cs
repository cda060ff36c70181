using System.Net;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>What the pages of administration refuse, whatever is sent: more than one's own, somebody of a higher rank, oneself, the last administrator.</summary>
public sealed class AdminRankTests : ServerTests
{
    private static readonly string[] Acts = ["edit", "disable", "enable", "unlock", "delete"];

    [Fact]
    [Trait("ASVS", "8.2.1")]
    public async Task A_manager_sees_and_does_what_they_may_and_nothing_else()
    {
        await Server.AddRole("manager", "users:read", "users:write");
        await Client.Join("anna");
        var anna = await Server.Find("anna");
        await using var mia = await Server.Staff(Client, "mia", ["manager"]);

        await mia.Open($"/admin/users/{anna.Id}");

        Assert.Equal(["Edit", "Disable", "Delete"], await mia.Page.Locator("main .actions a").AllInnerTextsAsync());
        Assert.Equal(0, await mia.Page.GetByText("Journal").CountAsync());
        Assert.Equal(["Overview", "Users"], await mia.Page.Locator(".side a").AllInnerTextsAsync());
        await mia.Look("admin-user-manager");
        await mia.Follow("Disable");
        await mia.Press("Disable");
        Assert.False((await Server.Find("anna")).IsActive);
        var clerk = await Clerk.SignIn(Client, "mia");
        foreach (var path in (string[])["roles", "reset", "sessions/end", $"sessions/{Guid.NewGuid()}/end"])
        {
            (await clerk.Get($"/admin/users/{anna.Id}/{path}")).MustRefuse(HttpStatusCode.Forbidden);
            (await clerk.Post($"/admin/users/{anna.Id}/{path}", ("role_admin", "on"))).MustRefuse(HttpStatusCode.Forbidden);
        }
        foreach (var path in (string[])["/admin/roles", "/admin/roles/user", "/admin/new-role"]) (await clerk.Get(path)).MustRefuse(HttpStatusCode.Forbidden);
        Assert.Equal(["user"], (await Server.Find("anna")).Roles);
    }

    [Fact]
    [Trait("ASVS", "8.2.2")]
    public async Task Nobody_touches_somebody_who_may_do_more()
    {
        await Server.AddRole("manager", "users:read", "users:write", "users:recover", "sessions:write", "roles:write");
        await Server.JoinAs(Client, "root", Role.Admin);
        await Server.JoinAs(Client, "mia", "manager");
        var (root, mia) = (await Server.Find("root"), await Clerk.SignIn(Client, "mia"));
        var sessions = await Server.Get<Sessions.UserSessions>().List(root.Id);

        var page = await mia.Get($"/admin/users/{root.Id}");
        Assert.Contains("This account may do more than you", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{root.Id}/", page.Text, StringComparison.Ordinal);   // no link to any act
        foreach (var act in (string[])[.. Acts, "roles", "reset", "sessions/end", $"sessions/{sessions[0].Id}/end"])
        {
            (await mia.Get($"/admin/users/{root.Id}/{act}")).MustRefuse(HttpStatusCode.Forbidden);
            (await mia.Post($"/admin/users/{root.Id}/{act}", ("email", "mia@evil.test"), ("role_user", "on"))).MustRefuse(HttpStatusCode.Forbidden);
        }

        Assert.Equal((root.Email, true, root.Epoch, "admin"), ((await Server.Find("root")).Email, (await Server.Find("root")).IsActive, (await Server.Find("root")).Epoch, (await Server.Find("root")).Role));
        Assert.Equal(sessions.Count, (await Server.Get<Sessions.UserSessions>().List(root.Id)).Count);
        Assert.DoesNotContain((await Server.AllLetters()).Values, letter => letter.To == "root@example.test" && letter.Template != "verify_email");
    }

    [Fact]
    [Trait("ASVS", "8.2.2")]
    public async Task Nobody_gives_a_role_that_may_do_more_than_they()
    {
        await Server.AddRole("giver", "users:read", "roles:write", "users:write");
        await Server.AddRole("keeper", "keys:write");
        await Client.Register("anna");
        await Server.JoinAs(Client, "gil", "giver");
        var (anna, gil) = (await Server.Find("anna"), await Clerk.SignIn(Client, "gil"));

        var page = await gil.Get($"/admin/users/{anna.Id}/roles");
        Assert.Matches("<input type=\"checkbox\" name=\"role_keeper\" disabled", page.Text);
        foreach (var role in (string[])["keeper", "admin"])
        {
            (await gil.Post($"/admin/users/{anna.Id}/roles", ("role_user", "on"), ($"role_{role}", "on"))).MustRefuse(HttpStatusCode.Forbidden);
            (await gil.Post("/admin/users/new", ("email", "new@example.test"), ($"role_{role}", "on"))).MustRefuse(HttpStatusCode.Forbidden);
        }

        Assert.Equal(["user"], (await Server.Find("anna")).Roles);
        Assert.Equal(2, await Server.Count("users"));
        (await gil.Post($"/admin/users/{anna.Id}/roles", ("role_user", "on"), ("role_giver", "on"))).MustLeadTo("/admin/users/");
    }

    [Fact]
    public async Task A_manager_without_roles_adds_people_with_the_usual_one_alone()
    {
        await Server.AddRole("manager", "users:read", "users:write");
        await Server.JoinAs(Client, "mia", "manager");
        var mia = await Clerk.SignIn(Client, "mia");

        Assert.DoesNotContain("name=\"role_", (await mia.Get("/admin/users/new")).Text, StringComparison.Ordinal);
        (await mia.Post("/admin/users/new", ("email", "new@example.test"), ("role_admin", "on"), ("role_manager", "on"))).MustLeadTo("/admin/users/");

        Assert.Equal(["user"], (await Server.Find("new@example.test")).Roles);
    }

    [Fact]
    public async Task Ones_own_account_is_changed_elsewhere_and_the_last_administrator_stays()
    {
        await Server.AddRole("deputy", "*");
        await Server.JoinAs(Client, "root", Role.Admin);
        var (root, clerk) = (await Server.Find("root"), await Clerk.SignIn(Client, "root"));

        foreach (var act in (string[])[.. Acts, "roles", "reset", "sessions/end"])
        {
            (await clerk.Get($"/admin/users/{root.Id}/{act}")).MustRefuse(HttpStatusCode.Conflict);
            (await clerk.Post($"/admin/users/{root.Id}/{act}", ("email", "x@example.test"), ("role_user", "on"))).MustRefuse(HttpStatusCode.Conflict);
        }
        Assert.Equal((root.Email, true, root.Epoch), ((await Server.Find("root")).Email, (await Server.Find("root")).IsActive, (await Server.Find("root")).Epoch));
        Assert.Contains("This is your own account", (await clerk.Get($"/admin/users/{root.Id}")).Text, StringComparison.Ordinal);
        await Server.JoinAs(Client, "dora", "deputy");   // may do everything, and is no administrator
        var dora = await Clerk.SignIn(Client, "dora");
        foreach (var act in (string[])["disable", "delete"]) (await dora.Post($"/admin/users/{root.Id}/{act}")).MustRefuse(HttpStatusCode.Conflict);
        (await dora.Post($"/admin/users/{root.Id}/roles", ("role_user", "on"))).MustRefuse(HttpStatusCode.Conflict);
        Assert.Equal(["admin"], (await Server.Find("root")).Roles);
    }

    [Fact]
    public async Task Whoever_may_change_but_not_see_is_shown_nobody()
    {
        await Server.AddRole("blind", "users:write", "roles:write");
        await Client.Register("anna");
        await Server.JoinAs(Client, "bob", "blind");
        var (anna, bob) = (await Server.Find("anna"), await Clerk.SignIn(Client, "bob"));

        foreach (var path in (string[])[$"{anna.Id}", $"{anna.Id}/edit", $"{anna.Id}/roles", $"{anna.Id}/delete", $"disable?u={anna.Id}"])
            (await bob.Get("/admin/users/" + path)).MustRefuse(HttpStatusCode.Forbidden).MustNotEcho("anna@example.test");
        (await bob.Post("/admin/users/new", ("email", "new@example.test"), ("role_user", "on"))).MustLeadTo("/admin/users/new?notice=user-invited");
    }
}
