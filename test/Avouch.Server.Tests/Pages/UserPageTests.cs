using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>One account at <c>/admin/users/{id}</c>, and what is done there after a page has asked.</summary>
public sealed class UserPageTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LOCK_AFTER_FAILURES", "3")];

    [Fact]
    public async Task Everything_is_seen_at_a_glance()
    {
        await Client.Join("anna");
        await Client.SignIn("anna");
        for (var i = 0; i < 3; i++) await Client.TrySignIn("anna", "wrong password 1");
        var anna = await Server.Find("anna");
        await using var root = await Server.Staff(Client, "root", [Role.Admin]);

        await root.Open($"/admin/users/{anna.Id}");

        foreach (var text in (string[])["anna@example.test", "Address not verified", "Locked", "End all sessions", "Too many wrong passwords", "Verify an address", "waits"]) await root.Sees(text);
        Assert.Equal(2, await root.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "End the session of" }).CountAsync());
        Assert.Equal($"/admin/journal?user={anna.Id}", await root.Page.GetByText("All rows of the journal about this account").GetAttributeAsync("href"));
        await root.Look("admin-user");
    }

    [Fact]
    public async Task Many_sessions_with_long_agents_make_no_heavy_page_and_agents_are_called_as_people_call_them()
    {
        var anna = await Client.Join("anna");
        var long400 = new string('&', 400);
        for (var i = 0; i < 50; i++) await Client.SignIn("anna");
        await Server.Database.Write(transaction => transaction.Execute("UPDATE sessions SET agent = @agent", ("agent", long400)));
        var newest = (await Server.Get<UserSessions>().List(anna.Id()))[0].Id;
        await Server.Database.Write(transaction => transaction.Execute("UPDATE sessions SET agent = @agent WHERE id = @id", ("agent", "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"), ("id", newest)));
        await using var root = await Server.Staff(Client, "root", [Role.Admin]);

        await root.Open($"/admin/users/{anna.Id()}");   // holds the weight

        await root.Sees("Firefox on Linux");
        await root.Sees("Unknown browser");
        var all = (await Server.Get<UserSessions>().List(anna.Id())).Count;
        await root.Sees($"and {all - 20} more");
        Assert.Equal(20, await root.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "End the session of" }).CountAsync());
        Assert.DoesNotContain("&amp;&amp;", await root.Page.ContentAsync(), StringComparison.Ordinal);
        await root.Look("admin-user-many-sessions");
        await root.Follow("End the session of Firefox on Linux");
        await root.Sees("Firefox on Linux · ");
    }

    [Fact]
    public async Task The_way_back_to_the_list_keeps_its_filters()
    {
        await Client.Register("anna");
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.NoScript);
        await root.Open("/admin/users?q=ann&sort=username");

        await root.Follow("anna");
        await root.Follow("Edit");
        await root.Press("Save");
        await root.Sees("Saved.");
        await root.Follow("Disable");
        await root.Follow("Cancel");
        await root.Follow("Disable");
        await root.Press("Disable");
        await root.Follow("All users");
        Assert.Equal("/admin/users?q=ann&sort=username", root.Place);

        await root.Follow("anna");
        await root.Follow("Delete");
        await root.Press("Delete for good");
        Assert.Equal("/admin/users?q=ann&sort=username&notice=user-deleted", root.Place);

        var own = $"/admin/users/{(await Server.Find("root")).Id}";
        foreach (var path in (string[])["https://evil.test/admin/users?", "//evil.test", "/admin/usersX", "/sign-out", "/admin/users\\@evil.test"])
        {
            await root.Open($"{own}?return_to={Uri.EscapeDataString(path)}");
            Assert.Equal("/admin/users", await root.Page.GetByText("All users").GetAttributeAsync("href"));
        }
    }

    [Fact]
    public async Task What_cannot_be_done_to_ones_own_account_leads_to_its_pages()
    {
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.NoScript);
        var own = (await Server.Find("root")).Id;
        root.Expect(409);

        await root.Open($"/admin/users/{own}/delete");
        await root.Follow("My account");
        Assert.Equal("/account", root.Place);
        await root.Open($"/admin/users/disable?u={own}");
        Assert.Equal("/account", await root.Page.Locator("tbody").GetByText("My account").GetAttributeAsync("href"));
    }

    [Theory]
    [InlineData(360, true, "en")]
    [InlineData(1100, false, "de")]
    public async Task It_looks_well_in_every_light(int width, bool isDark, string language)
    {
        await Client.Join("anna");
        var anna = await Server.Find("anna");
        await using var root = await Server.Staff(Client, "root", [Role.Admin], new Glasses { Width = width, IsDark = isDark, Language = language });

        foreach (var (path, name) in ((string, string)[])[("", "admin-user"), ("/edit", "admin-user-edit"), ("/roles", "admin-user-roles"), ("/delete", "admin-user-delete")])
        {
            await root.Open($"/admin/users/{anna.Id}{path}");
            await root.Look(name);
        }
    }

    [Fact]
    public async Task An_account_is_edited_without_a_script()
    {
        await Client.Register("anna");
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.NoScript);
        await root.Open($"/admin/users/{(await Server.Find("anna")).Id}");
        await root.Follow("Edit");
        await root.Look("admin-user-edit");
        await root.Page.Locator("#full-name").FillAsync("Anna <i>M.</i>");
        await root.Press("Save");

        await root.Sees("Saved.");
        await root.Sees("Anna <i>M.</i>");
    }

    [Fact]
    public async Task Edits_are_checked_and_done()
    {
        await Client.Register("anna");
        await Client.Register("bert");
        var anna = await Server.Find("anna");
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");
        var path = $"/admin/users/{anna.Id}/edit";

        var refused = (await root.Post(path, ("email", "anna@"), ("username", "a b"), ("full_name", "Anna"))).MustRefuse(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("This is not an e-mail address.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"a b\"", refused.Text, StringComparison.Ordinal);   // what was typed stays
        Assert.Contains("Another account uses this", (await root.Post(path, ("email", "bert@example.test"), ("username", "anna"))).MustRefuse(HttpStatusCode.Conflict).Text, StringComparison.Ordinal);
        Assert.Equal("anna@example.test", (await Server.Find("anna")).Email);

        var letters = await Server.Mailed(async () => (await root.Post(path, ("email", "anna@new.test"), ("username", "annika"), ("full_name", "Anna M."), ("locale", "de"))).MustLeadTo($"/admin/users/{anna.Id}?notice=saved"));

        Assert.Equal(["email_changed", "verify_email"], letters.Select(letter => letter.Template));
        var now = (await Server.Get<UserAccounts>().Find(anna.Id))!;
        Assert.Equal(("annika", "anna@new.test", "Anna M.", "de", false), (now.Username, now.Email, now.FullName, now.Locale, now.IsVerified));
        (await root.Post(path, ("email", "anna@new.test"))).MustLeadTo("/admin/users/");   // what is empty is cleared
        Assert.Null((await Server.Get<UserAccounts>().Find(anna.Id))!.FullName);
    }

    [Fact]
    public async Task Each_act_asks_first_and_says_what_it_did()
    {
        var anna = await Client.Join("anna");
        var path = $"/admin/users/{anna.Id()}";
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.NoScript);
        await root.Open(path);

        await root.Follow("End all sessions");
        await root.Look("admin-user-end-sessions");
        await root.Press("End all sessions");
        await root.Sees("All sessions of this account have ended.");
        await root.Sees("Nobody is signed in with this account.");
        (await Client.Me(anna)).MustBe(HttpStatusCode.Unauthorized, "session_ended");

        await root.Follow("Send password reset");
        var letter = await Server.MailedOne("reset_password", () => root.Press("Send the mail"));
        Assert.Equal("anna@example.test", letter.To);
        await root.Sees("A mail to set a new password is on its way.");

        await root.Follow("Disable");
        await root.Look("admin-user-disable");
        await root.Press("Disable");
        await root.Sees("The account is disabled, and every session has ended.");
        Assert.False((await Server.Find("anna")).IsActive);
        await root.Follow("Enable");
        await root.Press("Enable");
        Assert.True((await Server.Find("anna")).IsActive);

        await root.Follow("Delete");
        await root.Sees("This cannot be undone.");
        var last = await Server.MailedOne("account_deleted", () => root.Press("Delete for good"));
        Assert.Equal("anna@example.test", last.To);
        Assert.Equal("/admin/users?notice=user-deleted", root.Place);
        root.Expect(404);
        await root.Open(path);
        await root.Sees("There is nothing here.");
        Assert.Contains(await Server.Journal(), row => row.Kind == JournalKind.UserDeleted && row.UserId == anna.Id() && row.ActorId is not null);
    }

    [Fact]
    public async Task One_session_ends_and_the_others_go_on()
    {
        var (first, second) = (await Client.Join("anna"), await Client.SignIn("anna"));
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");
        var path = $"/admin/users/{first.Id()}/sessions/{first.SessionId}/end";

        Assert.Contains("This device is signed out at once.", (await root.Get(path)).Text, StringComparison.Ordinal);
        (await root.Post(path)).MustLeadTo($"/admin/users/{first.Id()}?notice=session-ended");

        (await Client.Me(first)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(second)).Status);
        var own = (await Server.Get<UserSessions>().List((await Server.Find("root")).Id))[0];
        (await root.Post($"/admin/users/{first.Id()}/sessions/{own.Id}/end")).MustRefuse(HttpStatusCode.NotFound);   // a session of somebody else
        Assert.NotEmpty(await Server.Get<UserSessions>().List(own.UserId));
    }

    [Fact]
    public async Task A_lock_ends_and_what_was_so_already_is_no_fault()
    {
        await Client.Register("anna");
        for (var i = 0; i < 3; i++) await Client.TrySignIn("anna", "wrong password 1");
        await Server.JoinAs(Client, "root", Role.Admin);
        var (root, path) = (await Clerk.SignIn(Client, "root"), $"/admin/users/{(await Server.Find("anna")).Id}");
        Assert.Contains(path + "/unlock", (await root.Get(path)).Text, StringComparison.Ordinal);

        for (var i = 0; i < 2; i++) (await root.Post(path + "/unlock")).MustLeadTo(path + "?notice=user-unlocked");
        (await root.Post(path + "/enable")).MustLeadTo(path);

        Assert.DoesNotContain(path + "/unlock", (await root.Get(path)).Text, StringComparison.Ordinal);
        Assert.Single(await Server.Journal(), row => row.Kind == JournalKind.UserUnlocked);
        Assert.DoesNotContain(await Server.Journal(), row => row.Kind == JournalKind.UserEnabled);
    }

    [Fact]
    public async Task Roles_are_given_and_taken_with_boxes()
    {
        await Server.AddRole("support", "users:read");
        await Client.Register("anna");
        var anna = await Server.Find("anna");
        await using var root = await Server.Staff(Client, "root", [Role.Admin], Glasses.NoScript);
        await root.Open($"/admin/users/{anna.Id}");
        await root.Page.Locator("main").GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Roles" }).ClickAsync();
        await root.Look("admin-user-roles");

        await root.Page.Locator("input[name=role_support]").CheckAsync();
        await root.Press("Save");

        await root.Sees("Saved.");
        Assert.Equal(["user", "support"], (await Server.Find("anna")).Roles);
        await root.Open($"/admin/users/{anna.Id}/roles");
        foreach (var name in (string[])["support", "user"]) await root.Page.Locator($"input[name=role_{name}]").UncheckAsync();
        root.Expect(422);
        await root.Press("Save");
        await root.Sees("At least one role is needed.");
        Assert.Equal(["user", "support"], (await Server.Find("anna")).Roles);
    }

    [Fact]
    public async Task What_is_not_there_is_a_page_that_says_so()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");

        foreach (var id in (string[])[Guid.NewGuid().ToString(), "nobody", "../x"])
        {
            (await root.Get("/admin/users/" + Uri.EscapeDataString(id))).MustRefuse(HttpStatusCode.NotFound);
            (await root.Get($"/admin/users/{Uri.EscapeDataString(id)}/delete")).MustRefuse(HttpStatusCode.NotFound);
            (await root.Post($"/admin/users/{Uri.EscapeDataString(id)}/delete")).MustRefuse(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    [Trait("ASVS", "7.5.1")]
    public async Task An_old_sign_in_has_to_be_confirmed_first_and_nothing_is_done()
    {
        await Client.Register("anna");
        var anna = await Server.Find("anna");
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");
        Pass(TimeSpan.FromMinutes(11));

        Assert.Equal(HttpStatusCode.OK, (await root.Get($"/admin/users/{anna.Id}")).Status);
        foreach (var act in (string[])["edit", "roles", "disable", "enable", "unlock", "reset", "delete", "sessions/end"])
        {
            var path = $"/admin/users/{anna.Id}/{act}";
            (await root.Get(path)).MustLeadTo("/confirm?return_to=" + Uri.EscapeDataString(path));
            (await root.Post(path, ("email", "x@example.test"), ("role_admin", "on"))).MustLeadTo("/confirm?return_to=" + Uri.EscapeDataString(path));
        }
        Assert.Equal(anna, await Server.Find("anna"), (a, b) => (a.Email, a.IsActive, a.Epoch) == (b.Email, b.IsActive, b.Epoch));
    }
}
