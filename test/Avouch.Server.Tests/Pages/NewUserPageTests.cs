using System.Net;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>An account that an administrator makes at <c>/admin/users/new</c>.</summary>
public sealed class NewUserPageTests : ServerTests
{
    [Fact]
    public async Task Somebody_is_invited_sets_a_password_and_signs_in()
    {
        await Server.AddRole("support", "users:read");
        await using var root = await Server.Staff(Client, "root", [Role.Admin]);
        await root.Open("/admin/users");
        await root.Follow("Add a user");
        await root.Look("admin-user-new");
        root.Expect(422);
        await root.Page.Locator("#email").FillAsync("anna@localhost..");
        await root.Page.Locator("#full-name").FillAsync("Anna Mustermann");
        await root.Page.EvaluateAsync("document.querySelector('main form').noValidate = true");
        await root.Press("Add");
        await root.Sees("This is not an e-mail address.");
        Assert.Equal("Anna Mustermann", await root.Page.Locator("#full-name").InputValueAsync());
        await root.Look("admin-user-new-refused");

        await root.Page.Locator("#email").FillAsync("anna@example.test");
        await root.Page.Locator("#locale").SelectOptionAsync("de");
        await root.Page.Locator("input[name=role_support]").CheckAsync();
        var letter = await Server.MailedOne("reset_password", () => root.Press("Add"));

        await root.Sees("a mail with a link to set a password is on its way");
        var anna = await Server.Find("anna@example.test");
        Assert.Equal($"/admin/users/{anna.Id}?notice=user-invited", root.Place);
        Assert.Equal(["user", "support"], anna.Roles.OrderDescending());
        Assert.Equal(("de", "anna@example.test"), (anna.Locale, letter.To));
        (await Client.ConfirmReset(letter.Token())).MustBeDone();
        await Client.SignIn("anna@example.test", AccountClient.NewPassword);
    }

    [Fact]
    public async Task With_a_password_there_is_no_mail_and_a_weak_one_is_refused_and_not_shown_again()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Clerk.SignIn(Client, "root");

        var refused = (await root.Post("/admin/users/new", ("email", "anna@example.test"), ("username", "anna"), ("role_user", "on"), ("password", "password1"))).MustRefuse(HttpStatusCode.UnprocessableEntity);
        Assert.DoesNotContain("password1", refused.Text, StringComparison.Ordinal);
        Assert.Empty(await Server.Mailed(async () =>
            (await root.Post("/admin/users/new", ("email", "anna@example.test"), ("username", "anna"), ("role_user", "on"), ("password", TestClient.Password))).MustLeadTo("/admin/users/")));

        await Client.SignIn("anna");
        (await root.Post("/admin/users/new", ("email", "anna@example.test"), ("role_user", "on"))).MustRefuse(HttpStatusCode.Conflict);
        (await root.Post("/admin/users/new", ("email", "other@example.test"), ("username", "anna"), ("role_user", "on"))).MustRefuse(HttpStatusCode.Conflict);
        (await root.Post("/admin/users/new", ("email", "other@example.test"))).MustRefuse(HttpStatusCode.UnprocessableEntity);   // no role
        Assert.Equal(2, await Server.Count("users"));
    }

    [Fact]
    public async Task Two_presses_make_one_account()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        await using var root = await Person.At(Server, Glasses.Small with { IsDark = true });
        await root.Enter("root");
        await root.Open("/admin/users/new");
        await root.Look("admin-user-new");
        await root.Page.Locator("#email").FillAsync("anna@example.test");
        await root.Page.Locator("main form button").DblClickAsync();
        await root.Page.WaitForURLAsync("**notice=user-invited");

        Assert.Equal(2, await Server.Count("users"));
        Assert.Single((await Server.AllLetters()).Values, letter => letter.To == "anna@example.test");
    }
}
