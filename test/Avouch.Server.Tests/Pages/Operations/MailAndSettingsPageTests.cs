using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Pages.Operations;

/// <summary>Mail and settings on their pages.</summary>
public sealed class MailAndSettingsPageTests : ServerTests
{
    private const string Secret = "8f1c2b7d5e904a3366c1f2079bde8a451c0f3d7e2b6a9584f7e3d2c1b0a99887";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_METRICS_TOKEN", Secret), ("AVOUCH_BRAND_NAME", "Example Tools")];

    [Fact]
    public async Task Mail_that_was_given_up_is_sent_once_more_one_or_all()
    {
        foreach (var name in new[] { "alice", "bob", "carol" }) await Bury(name);
        await Client.Register("dave");
        await using var root = await Root(Glasses.Small);
        await root.Open("/admin/mail");
        await root.Sees("Given up (3)");
        await root.Sees("550 <carol@example.test> is unknown here");
        await root.Look("mail-dead");
        var secrets = (await Server.AllLetters()).Values.Select(letter => letter.Token()).ToList();
        Assert.All(secrets, async secret => Assert.DoesNotContain(secret, await root.Page.ContentAsync(), StringComparison.Ordinal));

        await root.Follow("Send once more");
        await root.Sees("What made it fail should be mended first");
        await root.Look("mail-retry");
        await root.Press("Send once more");
        Assert.Contains("It waits to be sent once more.", await root.Alert(), StringComparison.Ordinal);
        await root.Sees("Given up (2)");

        await root.Follow("Send all given-up mails again");
        await root.Sees("Mails that were given up: 2.");
        await root.Press("Send all again");
        await root.Sees("Given up (0)");
        await root.Sees("Waiting (5)");
        await root.Look("mail-pending");
        Assert.Equal(3, (await Server.Journal()).Count(row => row.Kind == JournalKind.MailRetried && row.ActorId is not null));

        root.Expect(409);
        root.Expect(404);
        var waiting = (await Server.AllLetters()).Keys.First();
        Assert.Equal(409, (await root.Open($"/admin/mail/{waiting}/retry")).Status);
        Assert.Equal(404, (await root.Open($"/admin/mail/{Guid.Empty}/retry")).Status);
    }

    [Fact]
    public async Task Mail_is_read_page_after_page_and_addresses_are_cut_short_for_who_may_see_no_accounts()
    {
        for (var i = 0; i < 30; i++) await Client.Register($"person{i}");
        await Server.Database.Write(transaction => transaction.Execute("UPDATE mail_outbox SET dead_at = created_at, fault = '550 <person1@example.test> is unknown here'"));
        await Server.AddRole("postmaster", Permission.MailRead);
        await Server.JoinAs(Client, "clerk", "postmaster");
        await using var clerk = await Person.At(Server, Glasses.Plain with { IsDark = true });
        await clerk.SignIn("clerk");

        await clerk.Open("/admin/mail");
        Assert.Equal(25, await clerk.Page.Locator("tbody tr").CountAsync());
        await clerk.Sees("p***@example.test");
        Assert.DoesNotContain("person1", await clerk.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await clerk.Page.GetByText("Send once more").CountAsync());
        await clerk.Look("mail-masked");
        await clerk.Follow("Older");
        Assert.Equal(5, await clerk.Page.Locator("tbody tr").CountAsync());
    }

    [Fact]
    public async Task Mail_that_became_a_file_is_explained_once_and_what_was_sent_names_the_account()
    {
        for (var i = 0; i < 3; i++) await Client.Register($"person{i}");
        await Server.Database.Write(transaction => transaction.Execute("UPDATE mail_outbox SET sent_at = created_at, fault = @fault", ("fault", OutboxLetter.WrittenToFile)));
        await using var root = await Root();

        await root.Open("/admin/mail?state=sent");

        Assert.Equal(1, await root.Page.GetByText("no mail server was set").CountAsync());
        Assert.Equal(3, await root.Page.Locator("td").GetByText("written to a file").CountAsync());
        Assert.Equal(["Written (UTC)", "Mail", "Account", "What happened"], await root.Page.Locator("thead th").AllTextContentsAsync());
        Assert.DoesNotContain("UTC", await root.Page.Locator("tbody").InnerTextAsync(), StringComparison.Ordinal);
        await root.Look("mail-written");
    }

    [Fact]
    public async Task Settings_are_shown_with_their_source_searched_and_never_with_a_secret()
    {
        await using var root = await Root();
        await root.Open("/admin/settings");
        await root.Sees("AVOUCH_BRAND_NAME");
        await root.Sees("Example Tools");
        await root.Sees("(secret)");
        await root.Look("settings");
        Assert.DoesNotContain(Secret, await root.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal(Server.Get<Avouch.Server.Settings.AvouchSettings>().InForce.Count, await root.Page.Locator(".settings > div").CountAsync());

        await root.Page.GetByLabel("Search").FillAsync("avouch_brand_name");
        await Assertions.Expect(root.Page.Locator(".settings > div:visible")).ToHaveCountAsync(1);
        await root.Look("settings-searched");
        await root.Page.GetByLabel("Search").FillAsync("no such thing");
        await root.Sees("No setting fits.");

        foreach (var glasses in new[] { Glasses.Small with { IsDark = true }, Glasses.NoScript })
        {
            await using var other = await Person.At(Server, glasses);
            await other.SignIn("root");
            await other.Open("/admin/settings");
            await other.Look("settings");
        }
    }

    private async Task Bury(string name)
    {
        await Client.Register(name);
        var queue = Server.Get<OutboxQueue>();
        var claimed = await queue.Claim();
        await queue.Bury(claimed!, $"550 <{name}@example.test> is unknown here");
    }

    private async Task<Person> Root(Glasses? glasses = null)
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Person.At(Server, glasses);
        await root.SignIn("root");
        return root;
    }
}
