using System.Text.Json;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>Taking one's data, shutting one's account, deleting it.</summary>
public sealed class DataPageTests : AccountPageTests
{
    [Fact]
    public async Task The_file_is_what_the_API_gives()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice");
        await alice.Open("/account/data");
        await alice.Look("account-data");

        var download = await alice.Page.RunAndWaitForDownloadAsync(() => alice.Page.GetByRole(AriaRole.Link, new() { Name = "Download my data" }).ClickAsync());

        Assert.Equal("avouch-account.json", download.SuggestedFilename);
        var file = JsonDocument.Parse(await File.ReadAllBytesAsync(await download.PathAsync())).RootElement;
        var browser = await FormClient.SignIn(Client, "alice");
        var page = await browser.Get("/account/data/download");
        var api = await Client.Get("/api/v1/users/me/export", (await Client.SignIn("alice")).AccessToken);
        Assert.Equal("alice@example.test", file.GetProperty("account").Text("email"));
        Assert.Equal(api.Headers["Content-Disposition"], page.Headers["Content-Disposition"]);
        Assert.Equal(("application/json", "no-store"), (page.Headers["Content-Type"], page.Headers["Cache-Control"]));
        Assert.Equal(api.Json.EnumerateObject().Select(member => member.Name), file.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Somebody_deactivates_the_account_and_is_out()
    {
        var tokens = await Client.Join("alice");
        await using var alice = await Enter("alice", Glasses.NoScript);
        await alice.Open("/account/data");
        await alice.Look("account-data");
        await alice.Follow("Deactivate …");
        await alice.Look("account-deactivate");
        alice.Expect(403);
        await alice.Fill(("Password", "wrong password 1"));
        await alice.Press("Deactivate my account");
        await Sees(alice, "#current-password[aria-invalid=true]");
        await alice.Look("account-deactivate-refused");
        await alice.Fill(("Password", TestClient.Password));

        await alice.Press("Deactivate my account");

        await alice.Sees("Your account is deactivated");
        await alice.Look("account-deactivated");
        Assert.DoesNotContain(await alice.Page.Context.CookiesAsync(), cookie => cookie.Name == "__Host-avouch-session");
        Assert.Equal("account_disabled", (await Client.TrySignIn("alice", TestClient.Password)).Code);
        Assert.Equal(401, (int)(await Client.Me(tokens)).Status);
        var row = await LastRow(JournalKind.UserDisabled);
        Assert.Equal((tokens.Id(), null), (row.UserId, row.ActorId));
    }

    [Theory]
    [InlineData("", 422, "The current password is needed.")]
    [InlineData("wrong password 1", 403, "The current password is not correct.")]
    public async Task Without_the_password_nothing_is_deactivated(string password, int status, string sentence)
    {
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");
        Pass(TimeSpan.FromMinutes(10));   // however old the sign-in is, the form asks

        var answer = await browser.Send("/account/deactivate", "/account/deactivate", ("current_password", password));

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(sentence, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(await Server.Journal(), row => row.Kind == JournalKind.UserDisabled);
        Assert.Equal(200, (int)(await browser.Get("/account")).Status);
    }

    [Fact]
    public async Task Somebody_deletes_the_account_with_the_password()
    {
        var tokens = await Client.Join("alice");
        await using var alice = await Enter("alice", Glasses.Small);
        await alice.Open("/account/data");
        await alice.Look("account-data");
        await alice.Follow("Delete …");
        await alice.Look("account-delete");
        alice.Expect(403);
        await alice.Fill(("Password", "wrong password 1"));
        await alice.Press("Delete my account for good");
        await alice.Sees("password is not");
        await alice.Look("account-delete-refused");

        await alice.Fill(("Password", TestClient.Password));
        await Server.MailedOne("account_deleted", () => alice.Press("Delete my account for good"));

        await alice.Sees("Your account is deleted");
        await alice.Look("account-deleted");
        Assert.DoesNotContain(await alice.Page.Context.CookiesAsync(), cookie => cookie.Name == "__Host-avouch-session");
        Assert.Null(await Server.Get<UserAccounts>().Find(tokens.Id()));
        Assert.Equal(401, (int)(await Client.TrySignIn("alice", TestClient.Password)).Status);
        var rows = (await Server.Journal()).Where(row => row.UserId == tokens.Id()).ToList();
        Assert.Contains(rows, row => row.Kind == JournalKind.UserDeleted);
        Assert.All(rows, row => Assert.Null(row.Address));
        await alice.Open("/account");
        Assert.StartsWith("/sign-in", alice.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_password_nothing_is_deleted()
    {
        var tokens = await Client.Join("alice");
        var browser = await FormClient.SignIn(Client, "alice");

        var answer = await browser.Send("/account/delete", "/account/delete", ("current_password", ""));

        Assert.Equal(422, (int)answer.Status);
        Assert.Contains("The current password is needed.", answer.Text, StringComparison.Ordinal);
        Assert.NotNull(await Server.Get<UserAccounts>().Find(tokens.Id()));
    }

    [Fact]
    public async Task The_last_administrator_can_neither_be_deactivated_nor_deleted()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        await using var browser = await Enter("root", German);
        browser.Expect(409);
        await browser.Open("/account/deactivate");
        await browser.Fill(("Passwort", TestClient.Password));
        await browser.Press("Mein Konto stilllegen");
        await browser.Sees("Das ist der letzte aktive Administrator.");
        await browser.Look("account-deactivate-last");

        await browser.Open("/account/delete");
        await browser.Fill(("Passwort", TestClient.Password));
        await browser.Press("Mein Konto endgültig löschen");
        await browser.Sees("Das ist der letzte aktive Administrator.");
        await browser.Look("account-delete-last");

        Assert.True((await Server.Get<UserAccounts>().Find(root.Id()))!.IsActive);
        await browser.Open("/account");
        Assert.Equal("/account", browser.Place);
    }

    [Fact]
    public async Task The_dark_pages_can_be_read_too()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice", Dark);
        foreach (var page in (string[])["security", "devices", "activity", "data", "deactivate", "delete"])
        {
            await alice.Open("/account/" + page);
            await alice.Look("account-" + page);
        }
        await alice.Open("/goodbye?notice=deleted");
        await alice.Look("account-goodbye");
    }

    [Fact]
    public async Task The_German_pages_are_German()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice", German);
        foreach (var page in (string[])["", "/security", "/devices", "/activity", "/data", "/deactivate", "/delete"])
        {
            await alice.Open("/account" + page);
            await alice.Look("account-german" + page.Replace('/', '-'));
        }
        await alice.Open("/goodbye?notice=deactivated");
        await alice.Look("account-goodbye");
    }
}
