using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>One's own names, language and address.</summary>
public sealed class ProfilePageTests : AccountPageTests
{
    [Fact]
    public async Task Somebody_changes_names_and_language()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice");
        await alice.Look("account-profile");

        await alice.Fill(("User name (optional)", "alice.b"), ("Full name (optional)", "Alice Ballard"));
        await alice.Page.GetByLabel("Language").SelectOptionAsync("de");
        await alice.Press("Save");
        await alice.Sees("Gespeichert.");
        Assert.Equal("de", await alice.Page.Locator("html").GetAttributeAsync("lang"));
        await alice.Look("account-profile-german");

        await alice.Page.GetByLabel("Sprache").SelectOptionAsync("");
        await alice.Press("Speichern");
        await alice.Sees("Saved.");
        Assert.Equal("alice.b", await alice.Page.GetByLabel("User name (optional)").InputValueAsync());
        await alice.Sees("Alice Ballard");   // on top
        Assert.Equal("locale", (await LastRow(JournalKind.UserEdited)).Detail);
        Assert.Equal("alice.b", (await Client.Me(await Client.SignIn("alice.b"))).Json.Text("username"));
    }

    [Theory]
    [InlineData("", 303, "")]
    [InlineData("bob", 409, "This user name is taken. Choose another one.")]
    [InlineData("b", 422, "A user name has 2 to 64 characters.")]
    [InlineData("a@b", 422, "A user name holds no @.")]
    [InlineData("al ice", 422, "A user name holds no spaces and no invisible characters.")]
    public async Task The_rules_of_the_API_hold(string name, int status, string sentence)
    {
        await Client.Register("alice");
        await Client.Register("bob");
        var browser = await FormClient.SignIn(Client, "alice");
        var before = (await Server.Journal()).Count;

        var answer = await browser.Send("/account", "/account", ("username", name), ("full_name", "Alice <b>"), ("locale", ""));

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(sentence, answer.Text, StringComparison.Ordinal);
        if (status == 303) return;
        Assert.Contains($"value=\"{name}\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"Alice &lt;b&gt;\"", answer.Text, StringComparison.Ordinal);
        Assert.Equal(before, (await Server.Journal()).Count);
    }

    [Fact]
    public async Task A_language_that_we_do_not_speak_stays_the_accounts_own()
    {
        var alice = await Client.Join("alice");
        await Client.Patch("/api/v1/users/me", new { locale = "fr-CA" }, alice.AccessToken);
        var browser = await FormClient.SignIn(Client, "alice");

        Assert.Contains("<option value=\"fr-CA\" lang=\"fr-CA\" selected>", (await browser.Get("/account")).Text, StringComparison.Ordinal);
        Assert.Equal(422, (int)(await browser.Send("/account", "/account", ("locale", "no language"))).Status);
    }

    [Fact]
    public async Task A_refusal_stands_beside_its_field_and_keeps_what_was_typed()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice", Glasses.Small);
        alice.Expect(422);

        await alice.Fill(("User name (optional)", "a"), ("Full name (optional)", "Alice Ballard"));
        await alice.Press("Save");

        await alice.Sees("Please look at the marked fields.");
        await Sees(alice, "#username[aria-invalid=true]");
        Assert.Equal("Alice Ballard", await alice.Page.GetByLabel("Full name (optional)").InputValueAsync());
        await alice.Look("account-profile-refused");
    }

    [Fact]
    public async Task The_longest_names_and_addresses_fit_on_a_small_screen()
    {
        await JoinLong();
        await using var person = await Enter(LongName, Glasses.Small);

        foreach (var page in (string[])["", "/security", "/devices", "/activity", "/data"])
        {
            await person.Open("/account" + page);
            await person.Look("account-long" + page.Replace('/', '-'));
        }
        foreach (var page in (string[])["/account/deactivate", "/account/delete"])
        {
            await person.Open(page);
            await person.Look("account-long" + page.Replace('/', '-'));
        }
    }

    [Fact]
    public async Task It_works_in_the_dark_and_without_a_script()
    {
        await Client.Register("alice");
        await using var dark = await Enter("alice", Dark);
        await dark.Look("account-profile");
        await using var alice = await Enter("alice", Glasses.NoScript);

        await alice.Fill(("Full name (optional)", "Alice"));
        await alice.Press("Save");

        await alice.Sees("Saved.");
        await alice.Look("account-profile");
    }
}

/// <summary>The link that verifies an address, once more.</summary>
public sealed class VerificationButtonTests : AccountPageTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Fact]
    public async Task The_link_is_mailed_again_until_there_were_enough()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice");
        await alice.Sees("Not verified");

        var letter = await Server.MailedOne("verify_email", () => alice.Press("Mail the link again"));
        await alice.Sees("A link is on its way");
        await alice.Look("account-profile-link-mailed");
        alice.Expect(429);
        await Server.Mailed(async () =>
        {
            for (var i = 0; i < 5 && !(await alice.Alert()).Contains("too many tries", StringComparison.Ordinal); i++) await alice.Press("Mail the link again");
        });
        Assert.Contains("too many tries", await alice.Alert(), StringComparison.Ordinal);
        await alice.Look("account-profile-limit");
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.Verify(letter.Token())).Status);   // a later one has replaced it

        Pass(TimeSpan.FromHours(1));
        await alice.Open("/account");
        var last = await Server.MailedOne("verify_email", () => alice.Press("Mail the link again"));
        (await Client.Verify(last.Token())).MustBeDone();
        await alice.Open("/account");
        await alice.Sees("Verified");
        await alice.Look("account-profile-verified");
        Assert.Equal(0, await alice.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Mail the link again" }).CountAsync());
    }

    [Fact]
    public async Task Nothing_is_mailed_where_the_address_is_verified_by_now()
    {
        var letter = await Server.MailedOne("verify_email", () => Client.Register("alice"));
        var browser = await FormClient.SignIn(Client, "alice");
        (await Client.Verify(letter.Token())).MustBeDone();

        Assert.Empty(await Server.Mailed(async () => Assert.Equal(303, (int)(await browser.Send("/account", "/account/verification")).Status)));
    }
}

/// <summary>Where only people with a verified address may change their profile.</summary>
public sealed class UnverifiedProfileTests : AccountPageTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_REQUIRE_VERIFIED_EMAIL", "account")];

    [Fact]
    public async Task The_profile_waits_for_the_address_as_it_does_over_the_API()
    {
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");

        var answer = await browser.Send("/account", "/account", ("full_name", "Alice"));

        Assert.Equal(403, (int)answer.Status);
        Assert.Contains("Verify your e-mail address first", answer.Text, StringComparison.Ordinal);
        Assert.Null((await Server.Get<UserAccounts>().FindCredentials("alice"))!.User.FullName);
    }
}
