using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>The first administrator comes in by a link that the server prints, once.</summary>
public sealed class SetupTests : ServerTests
{
    private const string Dead = "This set-up link is not valid any more";

    private static readonly (string, string)[] Root = [("email", "root@example.test"), ("full_name", "Root of All"), ("password", TestClient.Password)];

    [Fact]
    [Trait("ASVS", "6.3.2")]
    public async Task The_first_administrator_makes_an_account_and_is_in()
    {
        var link = await Link();
        await using var root = await Person.At(Server);

        await root.Open(link);
        await root.Look("setup");
        root.Expect(422);
        await root.Fill(("E-mail address", "root@example.test"), ("Your name (optional)", "Root"), ("Password", "root1234"));
        await root.Press("Make the account");
        await root.Sees("Please look at the marked fields.");
        Assert.Equal("password", await root.FocusedField());
        await root.Look("setup-refused");
        Assert.Equal("/setup", root.Place);
        await root.Fill(("Password", TestClient.Password));
        await root.Press("Make the account");
        Assert.Equal("/admin", root.Place);

        root.Expect(400);
        await root.Open(link);
        await root.Fill(("E-mail address", "second@example.test"), ("Password", TestClient.Password));
        await root.Press("Make the account");
        await root.Sees(Dead);
        await root.Look("setup-dead");
        var user = await Server.Get<UserAccounts>().FindNamed("root@example.test");
        Assert.Equal((true, true, "Root", Role.Admin), (user!.IsVerified, user.IsActive, user.FullName, string.Join(' ', user.Roles)));
        Assert.Equal(1, await Server.Count("users"));
    }

    [Theory]
    [InlineData(360, false, "de", true)]
    [InlineData(360, true, "en", true)]
    [InlineData(1100, true, "de", false)]
    public async Task It_works_on_any_screen_in_German_and_without_a_script(int width, bool isDark, string language, bool hasScript)
    {
        var isGerman = language == "de";
        await using var root = await Person.At(Server, new Glasses { Width = width, IsDark = isDark, Language = language, HasScript = hasScript });

        await root.Open(await Link());
        await root.Look("setup");
        await root.Fill((isGerman ? "E-Mail-Adresse" : "E-mail address", "root@example.test"), (isGerman ? "Passwort" : "Password", TestClient.Password));
        await root.Press(isGerman ? "Konto anlegen" : "Make the account");
        Assert.Equal("/admin", root.Place);

        root.Expect(400);
        await root.Open("/setup?token=nothing");
        await root.Sees(isGerman ? "Dieser Einrichtungslink gilt nicht mehr" : Dead);
        await root.Look("setup-dead");
    }

    [Fact]
    public async Task Opening_it_uses_nothing_up_and_looks_nothing_up()
    {
        var link = await Link();
        var browser = new PlainBrowser(Client);

        for (var time = 0; time < 3; time++) Assert.Equal(HttpStatusCode.OK, (await browser.Get(link)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.Head(link)).Status);
        var answer = await browser.Get("/setup?token=" + ProofToken.Make().Text);   // in the form of a secret: nobody learns whether it is one

        Assert.Equal((HttpStatusCode.OK, "no-referrer"), (answer.Status, answer.Headers["Referrer-Policy"]));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.Fill(link, "/setup", Root)).Status);
    }

    [Fact]
    public async Task A_secret_that_is_not_the_one_makes_nobody()
    {
        var link = await Link();
        var browser = new PlainBrowser(Client);
        var rows = await Rows();

        foreach (var query in (string[])["", "?token=", "?token=x", link[6..^1], link[6..] + "A", link[6..] + "&token=x"])
        {
            var answer = await browser.Get("/setup" + query);
            Assert.Equal((HttpStatusCode.BadRequest, true), (answer.Status, answer.Text.Contains(Dead, StringComparison.Ordinal)));
            Assert.Contains("avouch users add you@example.com --admin", answer.Text, StringComparison.Ordinal);
        }
        var form = await browser.Token(link, "/setup");
        foreach (var token in (string?[])[null, "", "x", ProofToken.Make().Text, link[13..^1]])
            Assert.Contains(Dead, (await browser.Post("/setup", [("form", form), .. token is null ? (IEnumerable<(string, string)>)[] : [("token", token)], .. Root])).Text, StringComparison.Ordinal);

        Assert.Equal(rows, await Rows());
    }

    [Fact]
    public async Task It_lives_for_an_hour_to_the_second()
    {
        var link = await Link();
        var browser = new PlainBrowser(Client);
        Pass(SetupLink.Life - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.Fill(link, "/setup", ("email", ""))).Status);

        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Fill(link, "/setup", Root)).Status);
        Assert.Equal(0, await Server.Count("users"));
    }

    [Fact]
    public async Task One_second_before_its_end_it_makes_the_account()
    {
        var link = await Link();
        Pass(SetupLink.Life - TimeSpan.FromSeconds(1));

        Assert.Equal("/admin", (await new PlainBrowser(Client).Fill(link, "/setup", Root)).Headers["Location"]);
    }

    [Fact]
    public async Task Each_start_makes_another_one_and_the_one_before_is_dead()
    {
        var (first, second) = (await Link(), await Link());
        var browser = new PlainBrowser(Client);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Fill(first, "/setup", Root)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.Fill(second, "/setup", Root)).Status);
        Assert.Null(await Server.Get<SetupLink>().Replace());
    }

    [Fact]
    public async Task It_is_dead_as_soon_as_there_is_an_administrator_whoever_made_them()
    {
        var link = await Link();
        var alice = await Client.Join("alice");
        await Server.Get<UserChanges>().SetRoles(alice.Id(), [Role.Admin]);

        Assert.Equal(HttpStatusCode.BadRequest, (await new PlainBrowser(Client).Fill(link, "/setup", Root)).Status);
        Assert.Equal(1, await Server.Count("users"));
        Assert.Null(await Server.Get<SetupLink>().Replace());
    }

    [Fact]
    public async Task Of_many_at_once_one_wins()
    {
        var link = await Link();
        var browsers = Enumerable.Range(0, 8).Select(_ => new PlainBrowser(Client)).ToList();

        var answers = await Task.WhenAll(browsers.Select((browser, number) => browser.Fill(link, "/setup", ("email", $"root{number}@example.test"), ("password", TestClient.Password))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.SeeOther);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.BadRequest));
        Assert.Equal(1, await Server.Count("users"));
    }

    [Fact]
    public async Task A_taken_address_leaves_the_link_as_it_was()
    {
        await Client.Register("alice");
        var link = await Link();
        var browser = new PlainBrowser(Client);
        var before = await Rows();

        var refused = await browser.Fill(link, "/setup", ("email", "alice@example.test"), ("password", TestClient.Password));

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(before, await Rows());
        Assert.DoesNotContain(TestClient.Password, refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.Fill(link, "/setup", Root)).Status);
    }

    [Fact]
    public async Task The_journal_says_that_an_account_was_made_and_where_from_and_only_a_hash_is_stored()
    {
        var link = await Link();
        var stored = await Server.Database.Read(statements => statements.Find("SELECT value FROM installation WHERE name = 'setup_link'", static row => row.Text(0)));
        Assert.DoesNotContain(link[13..], stored, StringComparison.Ordinal);
        Assert.StartsWith(Convert.ToHexStringLower(ProofToken.Read(link[13..])!.Hash), stored, StringComparison.Ordinal);

        await new PlainBrowser(Client).Fill(link, "/setup", Root);

        var rows = await Server.Journal();
        Assert.Equal((JournalKind.UserRegistered, "admin", "127.0.0.1"), (rows[^2].Kind, rows[^2].Detail, rows[^2].Address));
        Assert.Equal((JournalKind.SignedIn, rows[^2].UserId), (rows[^1].Kind, rows[^1].UserId));
        Assert.Equal(0, await Server.Database.Read(statements => statements.Find("SELECT COUNT(*) FROM installation WHERE name = 'setup_link'", static row => row.Int(0))));
    }

    private async Task<string> Link() => "/setup?token=" + (await Server.Get<SetupLink>().Replace())!.Text;

    private async Task<string> Rows() => $"{await Server.Count("users")} {await Server.Count("journal")} {await Server.Count("installation")} {await Server.Count("sessions")}";
}
