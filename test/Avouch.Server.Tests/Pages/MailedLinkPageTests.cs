using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Pages;

/// <summary>Pages behind mailed links at a real browser.</summary>
public sealed class MailedLinkPageTests : ServerTests
{
    [Fact]
    public async Task An_address_is_changed_and_comes_back()
    {
        var tokens = await Client.Join("alice");
        var letter = await Server.MailedOne(MailTemplate.ConfirmNewEmail, () => Client.RequestEmail(tokens, "new@example.test"));
        await using var alice = await Person.At(Server, Glasses.Small with { Language = "de" });
        alice.Expect(400);
        await alice.Open(letter.Link().PathAndQuery);
        await alice.Look("change-email");
        var notice = await Server.MailedOne(MailTemplate.EmailChanged, () => alice.Press("Diese Adresse verwenden"));
        Assert.Equal("/change-email/done", alice.Place);
        await alice.Look("change-email-done");

        await alice.Open(notice.Link().PathAndQuery);
        await alice.Look("undo-email-change");
        await alice.Press("Änderung rückgängig machen");
        await alice.Look("undo-email-change-done");
        Assert.Equal("alice@example.test", (await Server.Get<UserAccounts>().Find(tokens.UserId()))!.Email);

        Pass(TimeSpan.FromSeconds(10));   // until then it would be the same press
        await alice.Open(notice.Link().PathAndQuery);
        await alice.Press("Änderung rückgängig machen");
        Assert.StartsWith("Dieser Link gilt nicht mehr.", await alice.Alert(), StringComparison.Ordinal);
        await alice.Look("undo-email-change-refused");
    }

    [Fact]
    public async Task A_link_that_is_cut_short_leads_to_a_new_one()
    {
        await using var alice = await Person.At(Server, Glasses.Plain with { IsDark = true });
        alice.Expect(400);
        await alice.Open("/reset-password?token=avp_x");
        await alice.Look("reset-password-invalid");
        await alice.Follow("Ask for a new link");
        Assert.Equal("/forgot-password", alice.Place);
    }

    [Fact]
    public async Task Without_a_script_a_double_click_verifies_once_and_says_so()
    {
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));
        await using var alice = await Person.At(Server, Glasses.NoScript);
        await alice.Open(letter.Link().PathAndQuery);
        await alice.Page.GetByRole(Microsoft.Playwright.AriaRole.Button).DblClickAsync();
        await alice.Page.WaitForURLAsync("**/verify-email/done");
        await alice.Sees("Your e-mail address is verified.");
        await alice.Page.GoBackAsync();   // the question, and not the form once more
        await alice.Sees("Confirm that this is your e-mail address.");
    }
}
