using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages.Account;

/// <summary>Another address, another password.</summary>
public sealed class SecurityPageTests : AccountPageTests
{
    [Fact]
    public async Task Somebody_changes_the_address_by_a_mailed_link()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice");
        await alice.Open("/account/security");
        await alice.Look("account-security");

        await alice.Fill(("New e-mail address", "new@example.test"), ("Password", TestClient.Password));
        var letter = await Server.MailedOne("confirm_new_email", () => alice.Press("Mail the link"));
        await alice.Sees("We have mailed a link to the new address.");
        await alice.Look("account-security-link-mailed");
        await alice.Sees("Your address is alice@example.test.");
        Assert.Equal("new@example.test", letter.To);
        Assert.NotNull((await LastRow(JournalKind.EmailChangeRequested)).Address);

        (await Client.ConfirmEmail(letter.Token())).MustBeDone();
        await alice.Open("/account/security");   // signed in still
        await alice.Sees("Your address is new@example.test.");
    }

    [Fact]
    public async Task A_wrong_password_mails_nothing_and_counts_as_a_failed_sign_in()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice", Glasses.Small);
        await alice.Open("/account/security");
        alice.Expect(403);
        alice.Expect(422);

        await alice.Fill(("New e-mail address", "new@example.test"), ("Password", "wrong password 1"));
        Assert.Empty(await Server.Mailed(() => alice.Press("Mail the link")));
        await alice.Sees("password is not");
        Assert.Equal("new@example.test", await alice.Page.GetByLabel("New e-mail address").InputValueAsync());
        Assert.Equal("", await alice.Page.GetByLabel("Password", new() { Exact = true }).InputValueAsync());
        Assert.Contains($"j-{(await LastRow(JournalKind.SignInFailed)).Seq}", await alice.Alert(), StringComparison.Ordinal);
        await Sees(alice, "section:has(#new-email) #alert");   // in the card of the form that was sent
        await Sees(alice, "#email-password[aria-invalid=true]");
        Assert.Equal("email_password", await alice.FocusedField());
        Assert.Equal(0, await alice.Page.Locator("section:has(#new-password) [aria-invalid]").CountAsync());
        await alice.Look("account-security-wrong-password");

        await alice.Fill(("Current password", TestClient.Password), ("New password", "password1"));
        await alice.Press("Change the password");
        await alice.Sees("This password is on the lists that attackers try first");
        await Sees(alice, "#new-password[aria-invalid=true]");
        Assert.Equal("new_password", await alice.FocusedField());
        await alice.Look("account-security-weak");
    }

    [Fact]
    public async Task Without_a_script_a_wrong_password_is_marked_in_its_form_too()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice", Glasses.NoScript);
        await alice.Open("/account/security");
        alice.Expect(403);

        await alice.Fill(("Current password", "wrong password 1"), ("New password", AccountClient.NewPassword));
        await alice.Press("Change the password");

        await Sees(alice, "section:has(#new-password) #alert");
        await Sees(alice, "#current-password[aria-invalid=true][autofocus]");
        Assert.Equal(1, await alice.Page.Locator("[aria-invalid]").CountAsync());
        Assert.Equal(1, await alice.Page.Locator("[role=alert]").CountAsync());
        await alice.Look("account-security-wrong-password");
    }

    [Fact]
    public async Task A_change_that_waits_is_shown_and_can_be_cancelled()
    {
        var tokens = await Client.Join("alice");
        var letter = await Server.MailedOne("confirm_new_email", () => Client.RequestEmail(tokens, "new@example.test"));
        await using var alice = await Enter("alice", Glasses.Small);
        await alice.Sees("Your address changes to new@example.test when you open the link");
        await alice.Look("account-profile-pending");
        await alice.Open("/account/security");
        await alice.Sees("The link is good until");
        await alice.Look("account-security-pending");

        var kinds = await KindsOf(() => alice.Press("Cancel the change"));

        Assert.Empty(kinds);
        await alice.Sees("The change of your e-mail address is cancelled");
        Assert.Equal(0, await alice.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Cancel the change" }).CountAsync());
        (await Client.ConfirmEmail(letter.Token())).MustBe(System.Net.HttpStatusCode.BadRequest, "invalid_email_change_token");
        await alice.Open("/account");
        await alice.Sees("alice@example.test");
        Assert.Equal(0, await alice.Page.GetByText("new@example.test").CountAsync());
    }

    [Fact]
    public async Task A_change_waits_as_long_as_its_link_and_for_its_owner_alone()
    {
        await Client.Register("bob");
        var tokens = await Client.Join("alice");
        await Client.RequestEmail(tokens, "bob@example.test");   // somebody else has it: it looks the same
        var (alice, bob) = (await FormClient.SignIn(Client, "alice"), await FormClient.SignIn(Client, "bob"));
        const string Waits = "when you open the link that we have mailed there";
        Assert.Contains(Waits, (await alice.Get("/account/security")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Waits, (await bob.Get("/account/security")).Text, StringComparison.Ordinal);

        Assert.Equal(303, (int)(await bob.Send("/account/security", "/account/security/email/cancel")).Status);
        Assert.Contains(Waits, (await alice.Get("/account")).Text, StringComparison.Ordinal);
        Pass(Server.Get<Avouch.Server.Settings.ProofSettings>().EmailChange);

        Assert.DoesNotContain(Waits, (await alice.Get("/account")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_managers_see_whose_password_each_form_asks_for()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice");
        await alice.Open("/account/security");

        foreach (var field in (string[])["#email-password", "#current-password"])
            Assert.Equal("alice@example.test", await alice.Page.Locator($"form:has({field}) input[autocomplete=username]").InputValueAsync());
    }

    [Fact]
    public async Task A_new_password_signs_other_devices_out_and_this_one_goes_on()
    {
        await Client.Register("alice");
        await using var alice = await Enter("alice");
        await using var other = await Enter("alice", Glasses.Small);
        await alice.Open("/account/security");
        var device = await DeviceCookie(alice);

        await alice.Fill(("Current password", TestClient.Password), ("New password", AccountClient.NewPassword));
        await Server.MailedOne("password_changed", () => alice.Press("Change the password"));
        await alice.Sees("Your password is changed, and your other devices are signed out.");
        await alice.Look("account-security-changed");
        Assert.NotEqual(device, await DeviceCookie(alice));
        Assert.Equal("changed", (await LastRow(JournalKind.PasswordChanged)).Detail);

        await alice.Open("/account/devices");
        Assert.Equal("/account/devices", alice.Place);
        await other.Open("/account");
        Assert.StartsWith("/sign-in", other.Place, StringComparison.Ordinal);
        await using var again = await Enter("alice", password: AccountClient.NewPassword);
    }

    [Fact]
    public async Task Other_devices_stay_where_the_box_is_ticked_also_without_a_script()
    {
        await Client.Register("alice");
        await using var other = await Enter("alice", German);
        await using var alice = await Enter("alice", Glasses.NoScript);
        await alice.Open("/account/security");
        await alice.Look("account-security");

        await alice.Fill(("Current password", TestClient.Password), ("New password", AccountClient.NewPassword));
        await alice.Page.GetByLabel("Leave my other devices signed in (otherwise they are signed out)").CheckAsync();
        await alice.Press("Change the password");

        await alice.Sees("Your password is changed.");
        await other.Open("/account/security");
        Assert.Equal("/account/security", other.Place);
        await other.Look("account-security");
    }

    [Fact]
    public async Task The_device_stays_known_after_a_new_password()
    {
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");
        var before = browser.DeviceCookie;

        await browser.Send("/account/security", "/account/security/password", ("current_password", TestClient.Password), ("new_password", AccountClient.NewPassword));

        Assert.NotNull(before);
        Assert.NotEqual(before, browser.DeviceCookie);
        var next = await browser.Send("/account", "/sign-in", ("username", "alice"), ("password", AccountClient.NewPassword));
        Assert.Equal(303, (int)next.Status);
    }

    [Theory]
    [InlineData("/account/security/email", "new_email", "", "email_password", "x", "An e-mail address is needed.")]
    [InlineData("/account/security/email", "new_email", "no address", "email_password", "x", "This is not an e-mail address.")]
    [InlineData("/account/security/email", "new_email", "a@example.test", "email_password", "", "The current password is needed.")]
    [InlineData("/account/security/password", "current_password", "", "new_password", "battery staple 43", "The current password is needed.")]
    [InlineData("/account/security/password", "current_password", "x", "new_password", "", "A new password is needed.")]
    [InlineData("/account/security/password", "current_password", "same", "new_password", "same", "This is the password that you have; please choose another one.")]
    [InlineData("/account/security/password", "current_password", TestClient.Password, "new_password", "short", "The password is too short")]
    [InlineData("/account/security/password", "current_password", TestClient.Password, "new_password", "alice@example", "little more than your own name")]
    public async Task What_is_missing_or_wrong_stands_beside_its_field(string target, string first, string firstText, string second, string secondText, string sentence)
    {
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");
        var before = (await Server.Journal()).Count;

        var answer = await browser.Send("/account/security", target, (first, firstText), (second, secondText));

        Assert.Equal(422, (int)answer.Status);
        Assert.Contains(sentence, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClient.Password, answer.Text, StringComparison.Ordinal);
        Assert.Equal(before, (await Server.Journal()).Count);
    }

    [Fact]
    public async Task An_address_of_somebody_else_is_answered_like_any_other()
    {
        await Client.Register("alice");
        await Client.Register("bob");
        var browser = await FormClient.SignIn(Client, "alice");

        var letter = await Server.MailedOne("account_exists", async () =>
            Assert.Equal(303, (int)(await browser.Send("/account/security", "/account/security/email", ("new_email", "bob@example.test"), ("email_password", TestClient.Password))).Status));

        Assert.Equal("bob@example.test", letter.To);
    }

    private static async Task<string> DeviceCookie(Person person) => (await person.Page.Context.CookiesAsync()).Single(cookie => cookie.Name == "__Host-avouch-device").Value;
}

/// <summary>The limits of the two forms are those of the API.</summary>
public sealed class SecurityLimitTests : AccountPageTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Fact]
    public async Task New_addresses_are_limited()
    {
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");
        var statuses = new List<int>();

        for (var i = 0; i < 8; i++) statuses.Add((int)(await browser.Send("/account/security", "/account/security/email", ("new_email", $"new{i}@example.test"), ("email_password", TestClient.Password))).Status);

        Assert.Equal(429, statuses[^1]);
        Assert.Contains(303, statuses);
        Assert.Equal((int)System.Net.HttpStatusCode.TooManyRequests, (int)(await Client.RequestEmail(await Client.SignIn("alice"), "other@example.test")).Status);
    }

    [Fact]
    public async Task Guesses_at_the_current_password_are_limited_and_the_right_one_waits_too()
    {
        await Client.Register("alice");
        var browser = await FormClient.SignIn(Client, "alice");
        var last = 0;

        for (var i = 0; i < 30 && last != 429; i++) last = (int)(await browser.Send("/account/security", "/account/security/password", ("current_password", $"guess number {i}"), ("new_password", AccountClient.NewPassword))).Status;

        Assert.Equal(429, last);
        var right = await browser.Send("/account/security", "/account/security/password", ("current_password", TestClient.Password), ("new_password", AccountClient.NewPassword));
        Assert.Equal(429, (int)right.Status);
        Assert.Contains("There were too many tries. Please wait", right.Text, StringComparison.Ordinal);
        Assert.Equal(429, (int)(await browser.Send("/account/delete", "/account/delete", ("current_password", TestClient.Password))).Status);
    }
}
