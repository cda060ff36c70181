using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Proofs;

public sealed class PasswordResetTests : ServerTests
{
    private const string New = AccountClient.NewPassword;

    [Fact]
    [Trait("ASVS", "6.4.3")]
    public async Task Somebody_who_forgot_the_password_sets_a_new_one_with_what_was_mailed()
    {
        await Client.Register("alice");
        var letter = await Server.MailedOne(MailTemplate.ResetPassword, () => Client.RequestReset("alice@example.test"));
        Assert.Equal(("alice@example.test", "2026-01-02 04:04 UTC"), (letter.To, letter.Values["expires"]));
        Assert.StartsWith($"{TestServer.Issuer}/reset-password?token=avp_", letter.Values["link"], StringComparison.Ordinal);

        var told = await Server.MailedOne(MailTemplate.PasswordChanged, async () => (await Client.ConfirmReset(letter.Token())).MustBeDone());

        Assert.Equal("alice@example.test", told.To);
        await Client.SignIn("alice", New);
        (await Client.TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    // A13, B7
    [Fact]
    public async Task A_reset_ends_every_session()
    {
        var one = await Client.Join("alice");
        var other = await Client.SignIn("alice");
        var bob = await Client.Join("bob");

        (await Client.ConfirmReset(await Server.ResetToken("alice"))).MustBeDone();

        foreach (var tokens in (Tokens[])[one, other])
        {
            (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
            (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        }
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);
        Assert.Equal(2, (await Server.Journal()).Count(entry => entry is { Kind: JournalKind.SessionEnded, Detail: EndReason.PasswordChanged }));
    }

    // A13, B8
    [Fact]
    public async Task A_token_is_good_for_one_reset()
    {
        await Client.Register("alice");
        var token = await Server.ResetToken("alice");
        (await Client.ConfirmReset(token)).MustBeDone();

        var mail = await Server.Mailed(async () => (await Client.ConfirmReset(token, "yet another one 44")).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token").MustNotEcho(token));

        Assert.Empty(mail);
        await Client.SignIn("alice", New);
    }

    // B8
    [Theory]
    [InlineData("short")]
    [InlineData("password1")]
    [InlineData("alice2026")]
    public async Task A_new_password_that_is_refused_does_not_burn_the_token(string password)
    {
        await Client.Register("alice");
        var token = await Server.ResetToken("alice");

        Assert.Equal("new_password", (await Client.ConfirmReset(token, password)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());

        (await Client.ConfirmReset(token)).MustBeDone();
    }

    [Fact]
    public async Task A_newer_token_replaces_the_older_one()
    {
        await Client.Register("alice");
        var older = await Server.ResetToken("alice");
        var newer = await Server.ResetToken("alice");

        (await Client.ConfirmReset(older)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
        (await Client.ConfirmReset(newer)).MustBeDone();
        Assert.NotEqual(older, newer);
    }

    // B8
    [Fact]
    public async Task A_new_password_kills_the_token()
    {
        var tokens = await Client.Join("alice");
        var token = await Server.ResetToken("alice");

        (await Client.ChangePassword(tokens, TestClient.Password, "yet another one 44")).MustBeDone();

        (await Client.ConfirmReset(token)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
        await Client.SignIn("alice", "yet another one 44");
    }

    // B8
    [Fact]
    public async Task A_password_from_an_operator_kills_the_token()
    {
        var tokens = await Client.Join("alice");
        var token = await Server.ResetToken("alice");
        var hash = (await Server.Get<UserAccounts>().FindCredentials("alice"))!.PasswordHash;

        await Server.Get<UserChanges>().SetPassword(tokens.UserId(), hash);

        (await Client.ConfirmReset(token)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
    }

    [Fact]
    public async Task A_new_address_kills_the_token()
    {
        var tokens = await Client.Join("alice");
        var token = await Server.ResetToken("alice");

        await Server.ChangeEmail(tokens, "new@example.test");

        (await Client.ConfirmReset(token)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
        await Client.SignIn("alice");
    }

    [Fact]
    public async Task A_sign_in_that_renews_the_hash_leaves_the_token_alone()
    {
        await Client.Register("alice");
        var token = await Server.ResetToken("alice");
        await Restart(("AVOUCH_ARGON2_ITERATIONS", "2"));
        await Client.SignIn("alice");

        (await Client.ConfirmReset(token)).MustBeDone();
    }

    [Fact]
    public async Task Whoever_reads_the_mail_has_verified_the_address()
    {
        await Client.Register("alice");

        (await Client.ConfirmReset(await Server.ResetToken("alice"))).MustBeDone();

        Assert.True((await Client.Me(await Client.SignIn("alice", New))).Json.GetProperty("is_verified").GetBoolean());
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.EmailVerified);
    }

    [Fact]
    public async Task A_disabled_account_gets_no_mail_and_its_token_is_dead()
    {
        var tokens = await Client.Join("alice");
        var token = await Server.ResetToken("alice");
        await Server.Get<UserChanges>().Disable(tokens.UserId());

        (await Client.ConfirmReset(token)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
        Assert.Empty(await Server.Mailed(async () => (await Client.RequestReset("alice@example.test")).MustBeDone()));
        await Server.Get<UserChanges>().Enable(tokens.UserId());
        (await Client.ConfirmReset(token)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
    }

    [Fact]
    public async Task A_deleted_account_leaves_no_token()
    {
        var tokens = await Client.Join("alice");
        var token = await Server.ResetToken("alice");
        await Server.ChangeEmail(tokens, "new@example.test");

        await Server.Get<UserChanges>().Delete(tokens.UserId());

        Assert.Equal(0, await Server.Count("account_proofs"));
        (await Client.ConfirmReset(token)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
        await Client.Register("alice");   // nobody else waits for an address of somebody who is gone
    }

    /// <summary>A name, a case, white space: the mail goes to the address as it is stored.</summary>
    [Theory]
    [InlineData("ALICE@EXAMPLE.TEST")]
    [InlineData(" alice@example.test\t")]
    [InlineData("ａｌｉｃｅ@example.test")]
    public async Task Mail_goes_to_the_stored_address_however_it_was_typed(string typed)
    {
        await Client.Register("alice");

        var letter = await Server.MailedOne(MailTemplate.ResetPassword, async () => (await Client.RequestReset(typed)).MustBeDone());

        Assert.Equal("alice@example.test", letter.To);
    }

    [Theory]
    [InlineData("alice@example.test\r\nBcc: mallory@example.test")]
    [InlineData("alice@example.test, mallory@example.test")]
    [InlineData("alice@example.test\0")]
    [InlineData("alice")]
    [InlineData("")]
    [InlineData(null)]
    public async Task What_is_no_address_is_refused_and_leaves_nothing(string? typed)
    {
        await Client.Register("alice");
        var rows = await Server.Count("journal");

        Assert.Empty(await Server.Mailed(async () => Assert.Equal("email", (await Client.RequestReset(typed!)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields())));

        Assert.Equal(rows, await Server.Count("journal"));
    }

    [Fact]
    public async Task The_mail_is_in_the_language_that_the_browser_asks_for()
    {
        await Client.Register("alice");
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/password/reset/request") { Content = System.Net.Http.Json.JsonContent.Create(new { email = "alice@example.test" }) };
        request.Headers.TryAddWithoutValidation("Accept-Language", "de-AT,de;q=0.9");

        Assert.Equal("de-AT,de;q=0.9", (await Server.MailedOne(MailTemplate.ResetPassword, () => Client.Send(request))).Locale);
    }

    /// <summary>Whatever a request calls this server, the link leads to the issuer.</summary>
    [Fact]
    public async Task The_link_does_not_follow_the_Host_header()
    {
        await Client.Register("alice");
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/password/reset/request") { Content = System.Net.Http.Json.JsonContent.Create(new { email = "alice@example.test" }) };
        request.Headers.Host = "evil.example.test";
        request.Headers.Add("X-Forwarded-Host", "evil.example.test");

        Assert.StartsWith(TestServer.Issuer + "/", (await Server.MailedOne(MailTemplate.ResetPassword, () => Client.Send(request))).Values["link"], StringComparison.Ordinal);
    }
}
