using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Proofs;

public sealed class EmailVerificationTests : ServerTests
{
    [Fact]
    public async Task Registration_mails_a_link_that_verifies_the_address()
    {
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));
        Assert.Equal(("alice@example.test", "2026-01-03 03:04 UTC"), (letter.To, letter.Values["expires"]));
        Assert.StartsWith($"{TestServer.Issuer}/verify-email?token=avp_", letter.Values["link"], StringComparison.Ordinal);
        var tokens = await Client.SignIn("alice");
        Assert.False(await IsVerified(tokens));

        (await Client.Verify(letter.Token())).MustBeDone();   // nobody is signed in here

        Assert.True(await IsVerified(tokens));   // with the same access token: it says nothing about the address
        var entry = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.EmailVerified);
        Assert.Equal(((Guid?)tokens.UserId(), "127.0.0.1"), (entry.UserId, entry.Address));
    }

    [Fact]
    public async Task A_registration_that_is_refused_mails_nothing()
    {
        await Client.Register("alice");

        Assert.Empty(await Server.Mailed(async () =>
            (await Client.PostJson("/api/v1/auth/register", new { email = "alice@example.test", password = TestClient.Password })).MustBe(HttpStatusCode.Conflict, "email_taken")));
    }

    [Fact]
    public async Task The_link_can_be_mailed_again_and_replaces_the_one_before()
    {
        var first = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));
        var tokens = await Client.SignIn("alice");
        var second = await Server.MailedOne(MailTemplate.VerifyEmail, async () => (await Client.RequestVerification(tokens)).MustBeDone());

        (await Client.Verify(first.Token())).MustBe(HttpStatusCode.BadRequest, "invalid_verification_token");
        (await Client.Verify(second.Token())).MustBeDone();
        (await Client.Verify(second.Token())).MustBe(HttpStatusCode.BadRequest, "invalid_verification_token");
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.VerificationRequested);
    }

    [Fact]
    public async Task Whoever_is_verified_gets_the_same_answer_and_no_mail()
    {
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));
        var tokens = await Client.SignIn("alice");
        var before = (await Client.RequestVerification(tokens)).MustBeDone();
        (await Client.Verify(letter.Token())).MustBe(HttpStatusCode.BadRequest, "invalid_verification_token");
        (await Client.Verify((await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.RequestVerification(tokens))).Token())).MustBeDone();
        var rows = await Server.Count("journal");

        Assert.Empty(await Server.Mailed(async () => Assert.Equal(before.Body, (await Client.RequestVerification(tokens)).MustBeDone().Body)));

        Assert.Equal((rows, 0L), (await Server.Count("journal"), await Server.Count("account_proofs")));
    }

    [Fact]
    public async Task Only_somebody_who_is_signed_in_asks_for_it() =>
        (await Client.PostJson("/api/v1/auth/email/verification/request", new { })).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");

    // B4
    [Fact]
    public async Task The_link_of_an_older_address_verifies_nothing()
    {
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));
        var tokens = await Client.SignIn("alice");
        await Server.ChangeEmail(tokens, "new@example.test");

        (await Client.Verify(letter.Token())).MustBe(HttpStatusCode.BadRequest, "invalid_verification_token");
    }

    [Fact]
    public async Task A_new_password_or_a_disabled_account_kills_the_link()
    {
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"));
        var tokens = await Client.SignIn("alice");
        (await Client.ChangePassword(tokens, TestClient.Password, AccountClient.NewPassword)).MustBeDone();
        (await Client.Verify(letter.Token())).MustBe(HttpStatusCode.BadRequest, "invalid_verification_token");

        var next = await Server.MailedOne(MailTemplate.VerifyEmail, async () => await Client.RequestVerification(await Client.Refresh(tokens)));
        await Server.Get<UserChanges>().Disable(tokens.UserId());
        (await Client.Verify(next.Token())).MustBe(HttpStatusCode.BadRequest, "invalid_verification_token");
        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.EmailVerified);
    }

    private async Task<bool> IsVerified(Tokens tokens) => (await Client.Me(tokens)).Json.GetProperty("is_verified").GetBoolean();
}
