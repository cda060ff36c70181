using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages.Operations;

/// <summary>The overview of administration.</summary>
public sealed class OverviewPageTests : ServerTests
{
    [Fact]
    public async Task A_week_is_shown_in_pictures_with_the_same_figures_in_a_table()
    {
        await BusyWeek.Pass(Server, Client);
        await Server.JoinAs(Client, "root", Role.Admin);
        await using var root = await Person.At(Server);
        await root.SignIn("root");
        await root.Open("/admin");

        await root.Sees("Active sessions");
        await root.Sees("Mail does not go out; the log says why.");
        await root.Sees("its refresh token was used by two");
        await root.Look("overview-day");
        await root.Follow("7 days");
        await root.Look("overview-week");
        var summary = await root.Page.Locator("svg[role=img]").First.GetAttributeAsync("aria-label");
        Assert.Matches(@"^Sign-ins\. Signed in: \d{3} in all, at most \d+ \(.+\)\. Refused: \d+ in all, ", summary);
        await root.Page.GetByText("Show the figures").First.ClickAsync();
        Assert.Equal(28, await root.Page.Locator("figure").First.Locator("tbody tr").CountAsync());
        await root.Look("overview-week-figures");

        await root.Page.Locator(".list a", new() { HasText = "UTC" }).First.ClickAsync();
        Assert.StartsWith("/admin/journal?reason=j-", root.Place, StringComparison.Ordinal);
        await root.Sees("is marked");
        await root.Look("journal-reason");

        foreach (var glasses in new[] { Glasses.Small, Glasses.Plain with { IsDark = true }, Glasses.Small with { IsDark = true, Language = "de" }, Glasses.NoScript, Glasses.Plain with { Language = "de" } })
        {
            await using var other = await Person.At(Server, glasses);
            await Enter(other, "root");
            await other.Open("/admin?days=7");
            await other.Look("overview-week");
            if (glasses.HasScript) await other.Page.Locator("figure details").EvaluateAllAsync<object?>("all => { for (const one of all) one.open = true; }");
            await other.Look("overview-week-figures");
            await other.Open("/admin/journal");
            await other.Look("journal");
        }
    }

    [Theory]
    [InlineData("/admin", 6, 23)]
    [InlineData("/admin?days=7", 24, 162)]
    public async Task Under_a_chart_each_moment_stands_where_it_is(string path, int hoursApart, int hoursFromEdgeToEdge)
    {
        Pass(TimeSpan.FromHours(5.3));
        await Server.JoinAs(Client, "root", Role.Admin);
        await using var root = await Person.At(Server);
        await root.SignIn("root");
        await root.Open(path);

        var places = (await root.Page.Locator("figure").First.Locator(".axis text").EvaluateAllAsync<string[]>("all => all.map(one => one.getAttribute('x'))")).Select(x => double.Parse(x.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture) * hoursFromEdgeToEdge / 100).ToList();
        var names = await root.Page.Locator("figure").First.Locator(".axis text").AllTextContentsAsync();

        var isWeek = hoursApart == 24;
        var now = Server.Time.GetUtcNow().UtcDateTime;
        var first = now.Date.AddHours(now.Hour - (isWeek ? 167 : 23));   // the first hour of the pictures
        Assert.InRange(names.Count, isWeek ? 6 : 3, isWeek ? 7 : 4);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.Equal(hoursApart, pair.Second - pair.First, 0.1));
        Assert.Equal(places.Select(place => first.AddHours(Math.Round(place)).ToString(isWeek ? "ddd" : "HH:mm", System.Globalization.CultureInfo.InvariantCulture)), names);
        Assert.All(places, place => Assert.Equal(0, first.AddHours(Math.Round(place)).Hour % hoursApart));
    }

    [Fact]
    public async Task A_new_server_shows_that_nothing_has_happened()
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        await using var root = await Person.At(Server);
        await root.SignIn("root");
        await root.Open("/admin?days=7");

        await root.Sees("None in the last 30 days");
        await root.Sees("Accounts locked:");
        await root.Sees("All is well");
        await root.Look("overview-empty");
        await root.RightToLeft();
        await root.Look("overview-empty-rtl");
        foreach (var path in new[] { "/admin/mail?state=dead", "/admin/mail?state=sent", "/admin/keys", "/admin/journal?kind=mail.dead" })
        {
            await root.Open(path);
            await root.Look("empty-" + path.Split('/')[2].Split('?')[0] + path[^4..]);
        }
    }

    [Theory]
    [InlineData(Permission.JournalRead, "Refusals that matter")]
    [InlineData(Permission.UsersRead, "Active sessions")]
    [InlineData(Permission.MailRead, "none given up")]
    [InlineData(Permission.KeysRead, "the next one signs from")]
    public async Task Each_part_is_there_only_for_whoever_may_see_it(string permission, string words)
    {
        await Server.AddRole("seer", permission);
        await Server.AddRole("other", Permission.SettingsRead);
        await Server.JoinAs(Client, "seer", "seer");
        await Server.JoinAs(Client, "other", "other");
        await using var seer = await Person.At(Server);
        await using var other = await Person.At(Server);
        await seer.SignIn("seer");
        await other.SignIn("other");

        await seer.Open("/admin");
        await other.Open("/admin");

        await seer.Sees(words);
        await other.Sees("This server");
        Assert.DoesNotContain(words, await other.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/journal", Permission.JournalRead)]
    [InlineData("/admin/journal/download", Permission.JournalRead)]
    [InlineData("/admin/keys", Permission.KeysRead)]
    [InlineData("/admin/keys/rotate", Permission.KeysWrite)]
    [InlineData("/admin/keys/x/withdraw", Permission.KeysWrite)]
    [InlineData("/admin/mail", Permission.MailRead)]
    [InlineData("/admin/mail/retry", Permission.MailWrite)]
    [InlineData("/admin/settings", Permission.SettingsRead)]
    public async Task A_route_answers_others_with_a_refusal_that_says_what_is_missing(string path, string permission)
    {
        await Server.AddRole("other", [.. Permission.OfThisServer.Where(name => name != permission)]);
        await Server.JoinAs(Client, "other", "other");
        await using var other = await Person.At(Server);
        other.Expect(403);
        await other.SignIn("other");

        var answer = await other.Open(path);

        Assert.Equal(403, answer.Status);
        await other.Sees($"This needs the permission {permission}");
        await other.Open("/admin");
        if (permission.EndsWith(":read", StringComparison.Ordinal)) Assert.Equal(0, await other.Page.Locator($".side a[href='{path}']").CountAsync());
    }

    [Fact]
    public async Task Who_administers_nothing_and_who_is_not_signed_in_see_nothing()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server);
        alice.Expect(403);
        await alice.Open("/admin");
        Assert.StartsWith("/sign-in?return_to=", alice.Place, StringComparison.Ordinal);
        await alice.SignIn("alice");

        Assert.Equal(403, (await alice.Open("/admin")).Status);
    }

    private static async Task Enter(Person person, string name)
    {
        await person.Open("/sign-in");
        await person.Page.Locator("input[name=username]").FillAsync(name);
        await person.Page.Locator("input[name=password]").FillAsync(TestClient.Password);
        await person.Page.Locator("main button:not([type=button])").ClickAsync();
        await person.Page.WaitForURLAsync("**/account**");
    }
}
