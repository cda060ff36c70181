using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Pages;

/// <summary>The sign-in of our own pages.</summary>
public sealed class SignInPageTests : ServerTests
{
    [Fact]
    public async Task Somebody_signs_in_and_out_again()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server);

        await alice.Open("/account");
        Assert.StartsWith("/sign-in?return_to=", alice.Place, StringComparison.Ordinal);
        await alice.Look("sign-in");
        alice.Expect(401);
        await alice.Fill(("User name or e-mail address", "alice"), ("Password", "wrong password 1"));
        await alice.Press("Sign in");
        await alice.Sees("The name or the password is not right.");
        await alice.Look("sign-in-refused");

        await alice.Fill(("User name or e-mail address", "alice"), ("Password", TestClient.Password));
        await alice.Press("Sign in");
        Assert.Equal("/account", alice.Place);
        await alice.Look("profile");

        await alice.Press("Sign out");
        await alice.Sees("You are signed out.");
        await alice.Open("/account");
        Assert.StartsWith("/sign-in", alice.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_a_small_telephone_in_German_and_in_the_dark(bool hasScript)
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server, Glasses.Small with { Language = "de", IsDark = true, HasScript = hasScript });
        alice.Expect(401);
        await alice.Open("/sign-in?return_to=/account?a=b");
        await alice.Fill(("Benutzername oder E-Mail-Adresse", "alice"), ("Passwort", "wrong password 1"));
        await alice.Press("Anmelden");
        await alice.Sees("Der Name oder das Passwort stimmt nicht.");
        await alice.Look("sign-in-refused");
        Assert.Equal("alice", await alice.Page.GetByLabel("Benutzername oder E-Mail-Adresse").InputValueAsync());

        await alice.Page.GoBackAsync();   // the empty form, and not the refused one once more
        Assert.Equal("/sign-in?return_to=/account?a=b", alice.Place);
        await alice.Fill(("Benutzername oder E-Mail-Adresse", "alice"), ("Passwort", TestClient.Password));
        await alice.Press("Anmelden");
        Assert.Equal("/account?a=b", alice.Place);
        await alice.Page.GoBackAsync();   // who is in stays in
        Assert.Equal("/account?a=b", alice.Place);
    }

    [Fact]
    [Trait("ASVS", "6.2.6")]
    public async Task Password_managers_find_what_they_look_for()
    {
        await using var alice = await Person.At(Server);
        await alice.Open("/sign-in");
        Assert.Equal(["username text username true", "password password current-password true"],
            await alice.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('main input:not([type=hidden])')].map(input => `${input.name} ${input.type} ${input.autocomplete} ${input.required}`)"));
    }

    [Fact]
    public async Task A_double_click_begins_one_session()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server);
        await alice.Open("/sign-in");
        await alice.Fill(("User name or e-mail address", "alice"), ("Password", TestClient.Password));
        await alice.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).DblClickAsync();
        await alice.Page.WaitForURLAsync("**/account");
        Assert.Equal(1, await Server.Count("sessions"));
    }

    [Fact]
    public async Task A_double_click_signs_out_once_and_a_form_of_a_session_that_is_over_leads_to_the_sign_in()
    {
        var id = (await Client.Register("alice")).GetProperty("id").GetGuid();
        await using var alice = await Person.At(Server);
        await alice.SignIn("alice");
        await alice.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).DblClickAsync();
        await alice.Page.WaitForURLAsync("**/sign-in?notice=signed-out");
        await alice.Sees("You are signed out.");

        using var browser = new FormClient(Server);
        await browser.Send("/sign-in", ("username", "alice"), ("password", TestClient.Password));
        var page = (await browser.Open("/account")).Text;
        page = page[page.IndexOf("<form method=\"post\" action=\"/sign-out\"", StringComparison.Ordinal)..];   // one of several forms
        page = page[..page.IndexOf("</form>", StringComparison.Ordinal)];
        await Server.Get<Avouch.Server.Sessions.UserSessions>().EndAll(id, EndReason.SignedOut, address: null);
        for (var i = 0; i < 2; i++) Assert.Equal("/sign-in?notice=signed-out", (await browser.Post(page)).Headers["Location"]);
        browser.Cookies.Clear();
        Assert.Equal("/sign-in?notice=signed-out", (await browser.Post(page)).Headers["Location"]);
    }

    [Fact]
    public async Task A_disabled_account_is_told_so_and_only_to_whoever_knows_its_password()
    {
        await Server.Get<UserChanges>().Disable((await Client.Register("alice")).GetProperty("id").GetGuid());
        await using var alice = await Person.At(Server);
        alice.Expect(401);
        alice.Expect(403);
        await alice.SignIn("alice", "wrong password 1");
        await alice.Sees("The name or the password is not right.");
        await alice.SignIn("alice");
        await alice.Sees("This account is disabled. Ask an administrator to enable it.");
        Assert.Matches("Reason j-[0-9]+", await alice.Alert());
        await alice.Look("sign-in-disabled");
    }

    [Fact]
    public async Task A_browser_without_cookies_is_told_so()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server);
        alice.Expect(403);
        await alice.Open("/sign-in?return_to=/account?a=b");
        await alice.Page.Context.ClearCookiesAsync();
        await alice.Fill(("User name or e-mail address", "alice"), ("Password", TestClient.Password));
        await alice.Press("Sign in");
        await alice.Sees("your browser keeps no cookies of this site");
        await alice.Look("sign-in-no-cookies");
        Assert.Equal(0, await Server.Count("sessions"));

        await alice.Fill(("Password", TestClient.Password));   // from now on it does, and the name was kept
        await alice.Press("Sign in");
        Assert.Equal("/account?a=b", alice.Place);
    }

    [Fact]
    public async Task What_is_missing_or_too_long_is_said_beside_the_field()
    {
        using var browser = new FormClient(Server);
        var answer = await browser.Send("/sign-in", ("username", " "), ("password", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("A user name or e-mail address is needed.", answer.Text, StringComparison.Ordinal);
        Assert.Contains("A password is needed.", answer.Text, StringComparison.Ordinal);
        Assert.Contains("This is longer than any name can be.", (await browser.Send("/sign-in", ("username", new string('a', 321)), ("password", "x"))).Text, StringComparison.Ordinal);
    }

    /// <summary>A name that nobody has and a wrong password look the same, but for what is different each time.</summary>
    [Fact]
    [Trait("ASVS", "6.3.8")]
    public async Task A_wrong_name_looks_like_a_wrong_password()
    {
        await Client.Register("alice");
        using var browser = new FormClient(Server);
        var wrong = await browser.Send("/sign-in", ("username", "alice"), ("password", "wrong password 1"));
        var unknown = await browser.Send("/sign-in", ("username", "nobody"), ("password", "wrong password 1"));

        Assert.Equal(FormClient.Comparable(wrong).Replace(wrong.Reason!, "", StringComparison.Ordinal), FormClient.Comparable(unknown).Replace("\"nobody\"", "\"alice\"", StringComparison.Ordinal).Replace(unknown.Reason!, "", StringComparison.Ordinal));
        Assert.Equal(wrong.Status, unknown.Status);
    }
}

/// <summary>How often somebody may try.</summary>
public sealed class SignInPageLimitTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Fact]
    public async Task After_too_many_tries_the_page_says_how_long_to_wait()
    {
        await Client.Register("alice");
        using var browser = new FormClient(Server);
        Answer answer;
        var count = 0;
        do answer = await browser.Send("/sign-in", ("username", "alice"), ("password", "wrong password 1"));
        while (answer.Status == HttpStatusCode.Unauthorized && ++count < 100);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);

        await using var alice = await Person.At(Server);
        alice.Expect(429);
        await alice.SignIn("alice");
        Assert.Matches("There were too many tries. Please wait [0-9]+ (seconds|minutes) and try again.", await alice.Alert());
        await alice.Look("sign-in-too-many");
    }
}
