using System.Text.Json;
using Avouch.Server.Journal;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Pages.Operations;

/// <summary>The journal for administrators: found, followed, taken away.</summary>
public sealed class JournalPageTests : ServerTests
{
    [Fact]
    public async Task Rows_are_found_by_name_kind_and_time_and_read_page_after_page()
    {
        await BusyWeek.Write(Server, 60, JournalKind.SignInFailed);
        await Client.Register("alice");
        var alice = await Client.SignIn("alice");
        await using var root = await Root();

        await root.Open("/admin/journal");
        await root.Fill(("User", "alice"));
        await root.Press("Show");
        await root.Sees("alice signed in.");
        await root.Sees("alice got an account.");
        Assert.Equal(2, await Rows(root).CountAsync());

        await root.Page.GetByLabel("What happened", new() { Exact = true }).SelectOptionAsync("session.started");
        await root.Press("Show");
        Assert.Equal(1, await Rows(root).CountAsync());
        await root.Page.Locator("summary").First.ClickAsync();
        await root.Sees(alice.UserId().ToString());
        await root.Look("journal-filtered");

        await root.Open("/admin/journal?kind=sign_in.failed");
        Assert.Equal(25, await Rows(root).CountAsync());
        await root.Follow("Older");
        await root.Follow("Older");
        Assert.Equal(10, await Rows(root).CountAsync());
        await root.Follow("Newer");
        Assert.Equal(25, await Rows(root).CountAsync());

        await root.Open("/admin/journal?until=2026-01-01T00:00");
        await root.Sees("No row fits this filter.");
        root.Expect(422);
        await root.Open("/admin/journal?user=nobody-at-all");
        await root.Sees("Nobody has this name or address.");
        await root.Look("journal-refused");
        Assert.Equal(422, (await root.Open("/admin/journal?usr=alice")).Status);
    }

    [Fact]
    public async Task A_reason_jumps_to_its_row_or_says_where_to_look()
    {
        await BusyWeek.Write(Server, 20, JournalKind.SignInFailed);
        await using var root = await Root();

        await root.Open("/admin/journal");
        await root.Fill(("Reason id, as a message showed it", "j-10"));
        await root.Press("Find");
        await root.Sees("The row j-10 is marked");
        Assert.Equal(11, await Rows(root).CountAsync());
        Assert.Equal("j-10", await root.Page.Locator("tr.marked").GetAttributeAsync("id"));
        await root.Open("/admin/journal?reason=j-99999");
        await root.Sees("There is no row j-99999");
        await root.Open("/admin/journal?reason=r-0HNQ7QKS6CKLR:00000001");
        await root.Sees("This is a line of the log");
        await root.Look("journal-log-id");
        root.Expect(422);
        await root.Open("/admin/journal?reason=4711");
        await root.Sees("Use an id such as j-4711");
    }

    [Fact]
    public async Task Who_follows_sees_each_row_that_others_cause_and_none_twice()
    {
        await Client.Register("alice");
        await using var root = await Root();
        await root.Open("/admin/journal");
        var before = await Rows(root).CountAsync();

        await root.Press("Follow live");
        await Client.SignIn("alice");
        await Assertions.Expect(Rows(root).First).ToContainTextAsync("alice signed in.");
        await BusyWeek.Write(Server, 60, JournalKind.SignInFailed);   // more than a page at once
        await Assertions.Expect(Rows(root)).ToHaveCountAsync(before + 61);
        var seen = await Rows(root).EvaluateAllAsync<string[]>("rows => rows.map(row => row.id)");

        Assert.Equal((await Server.Journal()).Select(row => $"j-{row.Seq}").Reverse(), seen);
        await root.Look("journal-followed");
        await root.Press("Following; stop");
        await Assertions.Expect(root.Page.Locator("#follow")).ToHaveTextAsync("Follow live");
    }

    [Fact]
    public async Task Following_ends_with_the_session()
    {
        await using var root = await Root();
        await root.Open("/admin/journal");
        await root.Press("Follow live");

        var user = (await Server.Journal()).Last(row => row.Kind == JournalKind.SignedIn);
        await Server.Get<UserSessions>().End(user.SessionId!.Value, owner: null, EndReason.EndedByAdmin, address: null);

        await root.Page.WaitForURLAsync("**/sign-in?return_to=**");
    }

    [Fact]
    public async Task Without_a_script_a_link_shows_what_is_newer()
    {
        await Client.Register("alice");
        await using var root = await Root(Glasses.NoScript);
        await root.Open("/admin/journal");
        await root.Follow("Newer");
        await root.Sees("Nothing newer has come yet.");
        var nothing = root.Place;
        await root.Follow("Older");
        Assert.Equal((await Server.Journal()).Select(row => $"j-{row.Seq}").Reverse(), await Rows(root).EvaluateAllAsync<string[]>("rows => rows.map(row => row.id)"));
        Assert.DoesNotContain("UTC", await Rows(root).First.InnerTextAsync(), StringComparison.Ordinal);   // the heading says it
        await root.Open(nothing);
        await Client.SignIn("alice");
        await root.Follow("Newer");

        Assert.Equal(1, await Rows(root).CountAsync());
        await root.Sees("alice signed in.");
        Assert.Equal(0, await root.Page.GetByRole(AriaRole.Button, new() { Name = "Follow live" }).CountAsync());
    }

    [Fact]
    public async Task What_the_filter_lets_through_is_downloaded_a_line_each()
    {
        await BusyWeek.Write(Server, 1200, JournalKind.SignInFailed);
        await using var root = await Root();
        await root.Open("/admin/journal?kind=sign_in.failed");

        var download = await root.Page.RunAndWaitForDownloadAsync(() => root.Follow("Download (NDJSON)"));
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);

        Assert.Equal("journal.ndjson", download.SuggestedFilename);
        Assert.Equal(1200, lines.Length);
        Assert.All(lines, line => Assert.Equal("sign_in.failed", JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Who_may_not_see_accounts_sees_ids_and_cannot_find_out_who_has_an_address()
    {
        var alice = await Client.Join("alice");
        await Server.AddRole("auditor", Permission.JournalRead);
        await Server.JoinAs(Client, "eve", "auditor");
        await using var eve = await Person.At(Server);
        eve.Expect(422);
        await eve.SignIn("eve");

        await eve.Open($"/admin/journal?user={alice.UserId()}");
        await eve.Sees(alice.UserId().ToString());
        Assert.DoesNotContain("alice", await eve.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        foreach (var name in new[] { "alice", "nobody" })
        {
            await eve.Open($"/admin/journal?user={name}");
            await eve.Sees("Use an id: your roles do not let you see accounts.");
        }
    }

    private static ILocator Rows(Person person) => person.Page.Locator("#rows > tr");

    private async Task<Person> Root(Glasses? glasses = null)
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var root = await Person.At(Server, glasses);
        await root.SignIn("root");
        return root;
    }
}
