using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>What the journal says about somebody, to themselves.</summary>
public sealed class ActivityPageTests : AccountPageTests
{
    [Fact]
    public async Task Somebody_reads_what_happened_in_plain_words()
    {
        await Client.Register("alice");
        Assert.Equal(401, (int)(await Client.TrySignIn("alice", "wrong password 1")).Status);
        await using var alice = await Enter("alice");
        await alice.Open("/account/activity");

        await alice.Sees("You made your account.");
        await alice.Sees("A sign-in with a wrong password.");
        await alice.Sees("You signed in.");
        await alice.Sees("Chrome on Linux");
        await alice.Sees("Address 127.0.0.1");
        await alice.Look("account-activity");
        await using var german = await Enter("alice", German with { Width = 360, Height = 740 });
        await german.Open("/account/activity");
        await german.Sees("Eine Anmeldung mit falschem Passwort.");
        await german.Look("account-activity");
    }

    [Fact]
    public async Task What_an_administrator_did_stands_there_without_who_it_was()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");
        var actor = new Actor(root.Id()) { Reaches = static (_, _) => true };
        await Server.Get<UserSessions>().EndAll(alice.Id(), EndReason.EndedByAdmin, actor);
        await Server.Get<UserChanges>().SetRoles(alice.Id(), ["guest"], actor);
        await Server.Get<UserChanges>().Disable(bob.Id(), actor);
        await using var browser = await Enter("alice", Dark);
        await browser.Open("/account/activity");

        await browser.Sees("A device was signed out by an administrator.");
        await browser.Sees("Your roles were changed by an administrator.");
        await browser.Look("account-activity-administrator");
        var html = await browser.Page.ContentAsync();
        Assert.DoesNotContain("root", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(root.Id().ToString(), html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("deactivated", html, StringComparison.OrdinalIgnoreCase);   // that was bob

        var boss = await FormClient.SignIn(Client, "root");
        Assert.DoesNotContain("by an administrator", (await boss.Get("/account/activity")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_that_were_signed_out_together_are_one_line_without_the_address_of_whoever_did_it()
    {
        await Client.Register("alice");
        for (var i = 0; i < 10; i++) await Client.SignIn("alice");
        await using var alice = await Enter("alice", Glasses.Small);
        await alice.Open("/account/devices");
        await alice.Press("Sign out all other devices");
        await alice.Open("/account/activity");

        await alice.Sees("You signed 10 devices out.");
        Assert.Equal(0, await alice.Page.GetByText("You signed a device out.").CountAsync());
        Assert.DoesNotContain("Address", await alice.Page.Locator("main ol > li", new() { HasText = "You signed 10 devices out." }).InnerTextAsync(), StringComparison.Ordinal);
        await alice.Look("account-activity-folded");

        var one = await Client.SignIn("alice");
        await Client.Logout(one);
        await alice.Open("/account/activity");
        await alice.Sees("You signed out.");
    }

    [Fact]
    public async Task It_reads_from_right_to_left_too()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice", Glasses.Small);
        foreach (var page in (string[])["activity", "devices", "security"])
        {
            await alice.Open("/account/" + page);
            await alice.RightToLeft();
            await alice.Look($"account-{page}-rtl");
        }
        Assert.Equal("127.0.0.1", await (await OpenIn(alice, "/account/devices")).Locator("bdi", new() { HasText = "127.0.0.1" }).First.InnerTextAsync());
        Assert.EndsWith("\u00A0UTC", await alice.Page.Locator("time bdi").First.TextContentAsync(), StringComparison.Ordinal);
    }

    private static async Task<Microsoft.Playwright.IPage> OpenIn(Person person, string path)
    {
        await person.Open(path);
        return person.Page;
    }

    [Fact]
    public async Task Older_rows_are_pages_away_and_each_stands_on_one_of_them()
    {
        var alice = await Client.Join("alice");
        for (var i = 0; i < 60; i++) await Client.Patch("/api/v1/users/me", new { full_name = $"Alice {i}" }, alice.AccessToken);
        await using var browser = await Enter("alice", Glasses.NoScript);
        await browser.Open("/account/activity");
        await browser.Look("account-activity-first");
        var lines = await browser.Page.Locator("main ol > li").AllInnerTextsAsync();

        for (var page = 0; page < 2; page++)
        {
            await browser.Follow("Older");
            lines = [.. lines, .. await browser.Page.Locator("main ol > li").AllInnerTextsAsync()];
        }
        await browser.Look("account-activity-last");

        Assert.Equal(0, await browser.Page.GetByText("Older", new() { Exact = true }).CountAsync());
        Assert.Equal((await Server.Journal()).Count(row => row.UserId == alice.Id()), lines.Count);
        Assert.Contains("You signed in.", lines[0], StringComparison.Ordinal);
        Assert.Contains("You made your account.", lines[^1], StringComparison.Ordinal);
        await browser.Follow("Newest");
        Assert.Equal("/account/activity", browser.Place);
    }

    [Theory]
    [InlineData("?before=1")]
    [InlineData("?before=0")]
    public async Task Beyond_the_oldest_there_is_nothing(string query)
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice", Glasses.Small);
        await alice.Open("/account/activity" + query);

        await alice.Sees("There is nothing older.");
        await alice.Look("account-activity-empty");
    }

    [Theory]
    [InlineData("?before=-5")]
    [InlineData("?before=many")]
    [InlineData("?before=99999999999999999999999")]
    [InlineData("?before=9223372036854775807")]
    [InlineData("?before=5&before=7")]
    public async Task A_place_that_is_none_is_the_beginning(string query)
    {
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");

        Assert.Contains("You signed in.", (await browser.Get("/account/activity" + query)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_reads_what_happened_to_somebody_else()
    {
        var bob = await Client.Join("bob");
        await Client.Patch("/api/v1/users/me", new { full_name = "Bob" }, bob.AccessToken);
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");

        var text = (await browser.Get($"/account/activity?user={bob.Id()}&before=9999")).Text;

        Assert.DoesNotContain("You changed your profile.", text, StringComparison.Ordinal);
    }
}
