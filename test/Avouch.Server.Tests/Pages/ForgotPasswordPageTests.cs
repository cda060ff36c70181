using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.Playwright;

namespace Avouch.Server.Tests.Pages;

/// <summary>Somebody who has forgotten their password comes back in.</summary>
public sealed class ForgotPasswordPageTests : ServerTests
{
    public static TheoryData<bool, bool, string> Ways => new() { { true, false, "en" }, { false, true, "de" } };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task From_the_question_to_the_new_password(bool hasScript, bool isSmall, string language)
    {
        await Client.Register("alice");
        var english = language == "en";
        await using var alice = await Person.At(Server, (isSmall ? Glasses.Small : Glasses.Plain) with { HasScript = hasScript, Language = language, IsDark = isSmall });
        alice.Expect(422);
        await alice.Open("/sign-in");
        await alice.Follow(english ? "Forgot your password?" : "Passwort vergessen?");
        await alice.Look("forgot-password");
        var letter = await Server.MailedOne(MailTemplate.ResetPassword, async () =>
        {
            await alice.Fill((english ? "E-mail address" : "E-Mail-Adresse", "alice@example.test"));
            await alice.Press(english ? "Mail me a link" : "Link zusenden");
        });
        Assert.Equal("/forgot-password/sent", alice.Place);
        await alice.Look("forgot-password-sent");

        await alice.Open(letter.Link().PathAndQuery);
        await alice.Look("reset-password");
        await alice.Fill((english ? "New password" : "Neues Passwort", "alice2026"));
        await alice.Press(english ? "Set password" : "Passwort setzen");
        await alice.Sees(english ? "The password is little more than your own name" : "Das Passwort ist kaum mehr als Ihr eigener Name");
        await alice.Look("reset-password-refused");
        await alice.Fill((english ? "New password" : "Neues Passwort", AccountClient.NewPassword));
        await alice.Press(english ? "Set password" : "Passwort setzen");
        Assert.Equal("/reset-password/done", alice.Place);
        await alice.Look("reset-password-done");

        await alice.Follow(english ? "Sign in" : "Anmelden");
        await alice.Fill((english ? "User name or e-mail address" : "Benutzername oder E-Mail-Adresse", "alice"), (english ? "Password" : "Passwort", AccountClient.NewPassword));
        await alice.Press(english ? "Sign in" : "Anmelden");
        Assert.Equal("/account", alice.Place);
    }

    [Fact]
    public async Task A_double_click_sets_one_password_and_says_so()
    {
        await Client.Register("alice");
        await using var alice = await Person.At(Server);
        await alice.Open((await ResetLink()).PathAndQuery);
        await alice.Fill(("New password", AccountClient.NewPassword));
        await alice.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Set password" }).DblClickAsync();
        await alice.Page.WaitForURLAsync("**/reset-password/done");
        await alice.Sees("Your new password is set.");
        await alice.Page.ReloadAsync();
        await alice.Sees("Your new password is set.");
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.PasswordChanged);
    }

    /// <summary>Mail clients open links in browsers of their own, which keep nothing.</summary>
    [Fact]
    public async Task A_mailed_link_needs_no_cookie_and_a_foreign_site_cannot_press_its_button()
    {
        await Client.Register("alice");
        var page = await Client.Open(await ResetLink());
        Assert.DoesNotContain("name=\"form\"", page.Html, StringComparison.Ordinal);
        foreach (var (header, value) in ((string, string)[])[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.test")])
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/reset-password")
            {
                Content = new FormUrlEncodedContent([new("token", page.Link.Query["?token=".Length..]), new("new_password", AccountClient.NewPassword)]),
                Headers = { { header, value } },
            };
            Assert.Equal(HttpStatusCode.Forbidden, (await Client.Send(request)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await page.Press(("new_password", AccountClient.NewPassword))).Answer.Status);
    }

    [Fact]
    [Trait("ASVS", "6.3.8")]
    public async Task A_known_an_unknown_and_a_disabled_address_are_answered_alike()
    {
        await Client.Register("alice");
        await Server.Get<UserChanges>().Disable((await Client.Register("bob")).GetProperty("id").GetGuid());
        using var browser = new FormClient(Server);
        var known = await browser.Send("/forgot-password", ("email", "alice@example.test"));
        Assert.Equal((HttpStatusCode.SeeOther, "/forgot-password/sent"), (known.Status, known.Headers["Location"]));

        foreach (var address in (string[])["nobody@example.test", "bob@example.test"])
        {
            var answer = await browser.Send("/forgot-password", ("email", address));
            Assert.Equal(known.Body, answer.Body);
            Assert.Equal(FormClient.Fields(known), FormClient.Fields(answer));
        }
        Assert.Equal(3, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.PasswordResetRequested));
    }

    [Fact]
    public async Task What_is_no_address_is_said_beside_the_field()
    {
        using var browser = new FormClient(Server);

        var answer = await browser.Send("/forgot-password", ("email", "alice@"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("<p class=\"fault\" id=\"email-fault\">This is not an e-mail address.</p>", answer.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"alice@\"", answer.Text, StringComparison.Ordinal);
    }

    private async Task<Uri> ResetLink() => (await Server.MailedOne(MailTemplate.ResetPassword, () => Client.RequestReset("alice@example.test"))).Link();
}

/// <summary>How often links may be asked for.</summary>
public sealed class ForgotPasswordLimitTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Fact]
    public async Task A_known_and_an_unknown_address_have_the_same_limit_and_it_says_how_long()
    {
        await Client.Register("alice");
        using var browser = new FormClient(Server);
        foreach (var address in (string[])["alice@example.test", "nobody@example.test"])
        {
            Answer answer;
            var count = 0;
            do answer = await browser.Send("/forgot-password", ("email", address));
            while (answer.Status == HttpStatusCode.SeeOther && ++count < 100);

            Assert.Equal((HttpStatusCode.TooManyRequests, 3), (answer.Status, count));
            Assert.Matches("There were too many tries. Please wait [0-9]+ minutes and try again.", answer.Text);
            Assert.Contains($"value=\"{address}\"", answer.Text, StringComparison.Ordinal);
        }
    }
}
