using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Pages;

/// <summary>Somebody makes an account at our own pages.</summary>
public sealed class SignUpPageTests : ServerTests
{
    [Fact]
    public async Task From_the_start_page_to_a_verified_account()
    {
        await using var alice = await Person.At(Server);
        await alice.Open("/");
        await alice.Follow("Make an account");
        Assert.Equal("/sign-up", alice.Place);
        await alice.Look("sign-up");

        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, async () =>
        {
            await alice.Fill(("E-mail address", "alice@example.test"), ("User name (optional)", "alice"), ("Full name (optional)", "Alice Miller"), ("Password", TestClient.Password));
            await alice.Press("Make an account");
        });
        Assert.Equal("/account?notice=welcome", alice.Place);
        await alice.Sees("Welcome! We have mailed you a link");

        await alice.Open(letter.Link().PathAndQuery);
        await alice.Look("verify-email");
        await alice.Press("Verify address");
        await alice.Sees("Your e-mail address is verified.");
        await alice.Look("verify-email-done");
        await alice.Follow("To my account");
        Assert.Equal("/account", alice.Place);
        Assert.True((await Client.Me(await Client.SignIn("alice"))).Json.GetProperty("is_verified").GetBoolean());
    }

    [Fact]
    public async Task On_a_small_telephone_in_German_and_in_the_dark_a_refused_form_keeps_what_was_typed()
    {
        await using var alice = await Person.At(Server, Glasses.Small with { Language = "de", IsDark = true });
        alice.Expect(422);
        await alice.Open("/sign-up");
        await alice.Look("sign-up");
        await alice.Fill(("E-Mail-Adresse", "alice@example.test"), ("Benutzername (freiwillig)", "a"), ("Passwort", "alice@example.test"));
        await alice.Press("Konto anlegen");

        Assert.StartsWith("Bitte sehen Sie nach den markierten Feldern.", await alice.Alert(), StringComparison.Ordinal);
        await alice.Sees("Ein Benutzername hat 2 bis 64 Zeichen.");
        await alice.Sees("Das Passwort ist kaum mehr als Ihr eigener Name");
        Assert.Equal("alice@example.test", await alice.Page.GetByLabel("E-Mail-Adresse").InputValueAsync());
        Assert.Equal("", await alice.Page.GetByLabel("Passwort", new PageGetByLabelOptions { Exact = true }).InputValueAsync());
        await alice.Look("sign-up-refused");
        Assert.Equal(0, await Server.Count("users"));

        await alice.Page.GoBackAsync();
        Assert.Equal("/sign-up", alice.Place);
        await alice.Fill(("E-Mail-Adresse", "alice@example.test"), ("Benutzername (freiwillig)", ""), ("Passwort", TestClient.Password));
        await alice.Press("Konto anlegen");
        Assert.Equal("/account?notice=welcome", alice.Place);
        await alice.Page.GoBackAsync();   // whoever is in has no account to make
        Assert.StartsWith("/account", alice.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_script_all_of_it_works()
    {
        await using var alice = await Person.At(Server, Glasses.NoScript with { Width = 360 });
        alice.Expect(422);
        await alice.Open("/sign-up?return_to=/account?a=b");
        await alice.Fill(("E-mail address", "alice@example.test"), ("Password", "12345678"));
        await alice.Press("Make an account");
        await alice.Sees("This password is on the lists that attackers try first");
        await alice.Look("sign-up-refused");
        await alice.Fill(("Password", TestClient.Password));
        await alice.Press("Make an account");
        Assert.Equal("/account?a=b&notice=welcome", alice.Place);
        Assert.Equal(1, await Server.Count("sessions"));
    }

    [Fact]
    public async Task What_is_asked_of_a_password_is_ticked_off_while_it_is_typed()
    {
        await using var alice = await Person.At(Server);
        await alice.Open("/sign-up");
        await alice.Fill(("E-mail address", "alice@example.test"), ("Full name (optional)", "Alice Miller"));

        foreach (var (password, met) in ((string, bool[])[])[("", [false, false]), ("short", [false, true]), ("alice miller 1", [true, false]), ("AliceMiller!!", [true, false]), ("passwort2026", [true, false]), ("correct horse 42", [true, true]), ("🐎🐎🐎🐎", [false, true])])
        {
            await alice.Fill(("Password", password));
            Assert.Equal(met, await alice.Page.EvaluateAsync<bool[]>("[...document.querySelectorAll('.policy [data-rule]')].map(rule => rule.classList.contains('met'))"));
        }
    }

    [Fact]
    [Trait("ASVS", "6.2.6")]
    public async Task A_password_can_be_looked_at_and_goes_off_hidden()
    {
        await using var alice = await Person.At(Server, Glasses.Small);
        await alice.Open("/sign-up");
        await alice.Fill(("E-mail address", "alice@example.test"), ("Password", TestClient.Password));
        var field = alice.Page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true });
        Assert.Equal("password", await field.GetAttributeAsync("type"));

        await alice.Press("Show password");
        Assert.Equal("text", await field.GetAttributeAsync("type"));
        await alice.Look("sign-up-shown");
        await alice.Page.EvaluateAsync("document.querySelector('main form').addEventListener('submit', event => { event.preventDefault(); })");
        await alice.Press("Make an account");
        Assert.Equal("password", await field.GetAttributeAsync("type"));
    }

    [Fact]
    public async Task A_double_click_makes_one_account_and_one_session()
    {
        await using var alice = await Person.At(Server);
        await alice.Open("/sign-up");
        await alice.Fill(("E-mail address", "alice@example.test"), ("Password", TestClient.Password));
        await alice.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make an account" }).DblClickAsync();
        await alice.Page.WaitForURLAsync("**/account?notice=welcome");
        Assert.Equal((1, 1), (await Server.Count("users"), await Server.Count("sessions")));
    }

    [Fact]
    public async Task Whoever_has_an_account_and_knows_its_password_is_in()
    {
        await Client.Register("alice");
        using var browser = new FormClient(Server);

        var answer = await browser.Send("/sign-up", ("email", "ALICE@example.test"), ("password", TestClient.Password));

        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (answer.Status, answer.Headers["Location"]));
        Assert.Equal((1, 1), (await Server.Count("users"), await Server.Count("sessions")));
        Assert.Contains("__Host-avouch-device", browser.Cookies.Keys);
        Assert.Equal(HttpStatusCode.OK, (await browser.Open("/account")).Status);
    }

    [Fact]
    public async Task Whoever_does_not_know_it_is_told_where_to_go_and_counts_as_a_failed_sign_in()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server);
        alice.Expect(409);
        await alice.Open("/sign-up");
        await alice.Fill(("E-mail address", "alice@example.test"), ("Password", "another horse 43"));
        await alice.Press("Make an account");

        Assert.StartsWith("An account with this address exists already.", await alice.Alert(), StringComparison.Ordinal);
        await alice.Look("sign-up-taken");
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SignInFailed);
        Assert.Equal(0, await Server.Count("sessions"));
        await alice.Follow("Set a new password");
        Assert.Equal("/forgot-password", alice.Place);
    }

    [Fact]
    public async Task A_disabled_account_and_a_taken_name_are_said()
    {
        var id = (await Client.Register("alice")).GetProperty("id").GetGuid();
        await Server.Get<Avouch.Server.Users.UserChanges>().Disable(id);
        using var browser = new FormClient(Server);

        Assert.Contains("This account is disabled.", (await browser.Send("/sign-up", ("email", "alice@example.test"), ("password", TestClient.Password))).Text, StringComparison.Ordinal);
        Assert.Contains("This user name is taken.", (await browser.Send("/sign-up", ("email", "new@example.test"), ("username", "ALICE"), ("password", TestClient.Password))).Text, StringComparison.Ordinal);
        Assert.Contains("looks like one that is taken", (await browser.Send("/sign-up", ("email", "new@example.test"), ("username", "aIice"), ("password", TestClient.Password))).Text, StringComparison.Ordinal);
        Assert.Equal((1, 0), (await Server.Count("users"), await Server.Count("sessions")));
    }

    [Fact]
    [Trait("ASVS", "6.2.6")]
    public async Task Password_managers_find_what_they_look_for()
    {
        await using var alice = await Person.At(Server);
        await alice.Open("/sign-up");

        var fields = await alice.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('main input:not([type=hidden])')].map(input => `${input.name} ${input.type} ${input.autocomplete} ${input.required} ${input.maxLength}`)");

        Assert.Equal(["email email username true -1", "username text nickname false -1", "full_name text name false -1", "password password new-password true -1"], fields);
        Assert.Equal("email", await alice.Page.EvaluateAsync<string>("document.activeElement.name"));
    }

    /// <summary>Another site sends nothing here, and nobody is sent on to another site.</summary>
    [Theory]
    [InlineData("//evil.test")]
    [InlineData("https://evil.test/")]
    [InlineData("/\\evil.test")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_led_elsewhere(string target)
    {
        using var browser = new FormClient(Server);
        Assert.DoesNotContain("evil", (await browser.Open("/sign-up?return_to=" + Uri.EscapeDataString(target))).Text, StringComparison.Ordinal);

        var answer = await browser.Send("/sign-up", ("return_to", target), ("email", "alice@example.test"), ("password", TestClient.Password));

        Assert.Equal("/account?notice=welcome", answer.Headers["Location"]);
    }

    [Fact]
    [Trait("ASVS", "3.5.1")]
    public async Task A_form_of_another_site_or_of_another_browser_makes_nothing()
    {
        using var mine = new FormClient(Server);
        using var theirs = new FormClient(Server);
        var form = (await theirs.Open("/sign-up")).Text;
        await mine.Open("/sign-up");

        Assert.Contains("This form is too old.", (await mine.Post(form, ("email", "alice@example.test"), ("password", TestClient.Password))).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.PostForm("/sign-up", ("email", "alice@example.test"), ("password", TestClient.Password))).Status);
        Assert.Equal(0, await Server.Count("users"));
    }
}

/// <summary>The same with AVOUCH_HIDE_EXISTING_ACCOUNTS: nobody learns who has an account.</summary>
[Trait("ASVS", "6.3.8")]
public sealed class HiddenSignUpPageTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_HIDE_EXISTING_ACCOUNTS", "true")];

    [Fact]
    public async Task A_free_and_a_taken_address_are_answered_alike_and_nobody_is_in()
    {
        using var first = new FormClient(Server);
        using var second = new FormClient(Server);
        var free = await first.Send("/sign-up", ("email", "alice@example.test"), ("password", TestClient.Password));
        var taken = await second.Send("/sign-up", ("email", "ALICE@example.test"), ("password", TestClient.Password));

        Assert.Equal((HttpStatusCode.SeeOther, "/sign-up/sent"), (free.Status, free.Headers["Location"]));
        Assert.Equal(FormClient.Fields(free), FormClient.Fields(taken));
        Assert.Equal(free.Body, taken.Body);
        Assert.Equal((await first.Open("/sign-up/sent")).Body, (await second.Open("/sign-up/sent")).Body);
        Assert.Equal((1, 0), (await Server.Count("users"), await Server.Count("sessions")));
    }

    [Fact]
    public async Task The_mailed_link_opens_the_account()
    {
        await using var alice = await Person.At(Server, Glasses.Small);
        await alice.Open("/sign-up");
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, async () =>
        {
            await alice.Fill(("E-mail address", "alice@example.test"), ("Password", TestClient.Password));
            await alice.Press("Make an account");
        });
        await alice.Sees("open the link that we have mailed you");
        await alice.Look("sign-up-sent");

        await alice.Open(letter.Link().PathAndQuery);
        await alice.Press("Verify address");
        await alice.Follow("Sign in");
        await alice.Fill(("User name or e-mail address", "alice@example.test"), ("Password", TestClient.Password));
        await alice.Press("Sign in");
        Assert.Equal("/account", alice.Place);
    }
}
