using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Proofs;

public sealed class EmailChangeTests : ServerTests
{
    [Fact]
    public async Task Mails_to_an_address_that_nobody_has_proved_carry_no_text_of_whoever_asks()
    {
        var (tokens, greeting) = (await Client.Join("alice"), "Win a prize at evil.example");
        await Server.Database.Write(transaction => transaction.Execute("UPDATE users SET full_name = @name", ("name", greeting)));

        var mail = await Server.Mailed(async () =>
        {
            (await Client.RequestEmail(tokens, "new@example.test")).MustBeDone();
            (await Client.RequestVerification(tokens)).MustBeDone();
        });

        Assert.Equal([MailTemplate.ConfirmNewEmail, MailTemplate.VerifyEmail], mail.Select(letter => letter.Template));
        Assert.All(mail, letter => Assert.DoesNotContain(greeting, letter.Values.Values));
    }

    // B4
    [Fact]
    public async Task An_address_changes_once_its_new_owner_has_shown_that_they_read_it()
    {
        var tokens = await Client.Join("alice");
        var letter = await Server.MailedOne(MailTemplate.ConfirmNewEmail, async () => (await Client.RequestEmail(tokens, "New@example.test")).MustBeDone());
        Assert.Equal(("New@example.test", "2026-01-02T04:04:05.0000000Z"), (letter.To, letter.Values["expires"]));
        Assert.StartsWith($"{TestServer.Issuer}/change-email?token=avp_", letter.Values["link"], StringComparison.Ordinal);
        Assert.Equal("alice@example.test", (await Client.Me(tokens)).Json.Text("email"));

        var told = await Server.MailedOne(MailTemplate.EmailChanged, async () => (await Client.ConfirmEmail(letter.Token())).MustBeDone());

        Assert.Equal(("alice@example.test", "New@example.test", "2026-01-09T03:04:05.0000000Z"), (told.To, told.Values["new_email"], told.Values["expires"]));
        Assert.StartsWith($"{TestServer.Issuer}/undo-email-change?token=avp_", told.Values["link"], StringComparison.Ordinal);
        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "token_stale");
        var me = (await Client.Me(await Client.Refresh(tokens))).Json;
        Assert.Equal(("New@example.test", true, tokens.UserId()), (me.Text("email"), me.GetProperty("is_verified").GetBoolean(), me.GetProperty("id").GetGuid()));
        await Client.SignIn("NEW@example.test");
        (await Client.TrySignIn("alice@example.test", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal(
            [(JournalKind.EmailChangeRequested, null), (JournalKind.EmailChanged, (long?)2)],
            (await Server.Journal()).Where(entry => entry.Kind.StartsWith("user.email", StringComparison.Ordinal)).Select(entry => (entry.Kind, entry.Epoch)));
    }

    [Fact]
    [Trait("ASVS", "7.5.1")]
    public async Task It_takes_the_password_and_a_wrong_one_is_a_failed_sign_in()
    {
        var tokens = await Client.Join("alice");

        Assert.Empty(await Server.Mailed(async () => (await Client.RequestEmail(tokens, "new@example.test", "wrong password")).MustBe(HttpStatusCode.Forbidden, "wrong_password")));

        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SignInFailed && entry.UserId == tokens.UserId());
        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.EmailChangeRequested);
    }

    /// <summary>Whoever asks for somebody else's address cannot tell; its owner hears of it.</summary>
    [Fact]
    public async Task An_address_that_is_taken_is_answered_and_costs_like_a_free_one()
    {
        await Client.Register("bob");
        var tokens = await Client.Join("alice");
        var hasher = Server.Get<PasswordHasher>();

        var before = hasher.BlocksFilled;
        var free = (await Client.RequestEmail(tokens, "free@example.test")).MustBeDone();
        var cost = hasher.BlocksFilled - before;
        var rows = await Rows();
        Answer taken = null!;
        var letter = await Server.MailedOne(MailTemplate.AccountExists, async () => taken = (await Client.RequestEmail(tokens, "BOB@example.test")).MustBeDone());

        Assert.Equal(free.Body, taken.Body);
        Assert.Equal(before + 2 * cost, hasher.BlocksFilled);
        Assert.Equal("bob@example.test", letter.To);
        Assert.False(letter.Values.ContainsKey("link"));
        Assert.Equal((rows.Journal + 1, rows.Mail + 1, rows.Proofs), await Rows());
    }

    [Fact]
    public async Task An_address_that_was_registered_meanwhile_is_not_taken_away()
    {
        var tokens = await Client.Join("alice");
        var token = await Server.EmailToken(tokens, "bob@example.test");
        await Client.Register("bob");

        Assert.Empty(await Server.Mailed(async () => (await Client.ConfirmEmail(token)).MustBe(HttpStatusCode.Conflict, "email_taken")));

        Assert.Equal("alice@example.test", (await Client.Me(tokens)).Json.Text("email"));
    }

    [Fact]
    public async Task A_token_works_once_and_is_replaced_by_a_newer_one()
    {
        var tokens = await Client.Join("alice");
        var older = await Server.EmailToken(tokens, "one@example.test");
        var newer = await Server.EmailToken(tokens, "two@example.test");

        (await Client.ConfirmEmail(older)).MustBe(HttpStatusCode.BadRequest, "invalid_email_change_token");
        (await Client.ConfirmEmail(newer)).MustBeDone();
        (await Client.ConfirmEmail(newer)).MustBe(HttpStatusCode.BadRequest, "invalid_email_change_token");
    }

    [Fact]
    public async Task A_new_password_stops_a_change_that_somebody_else_had_begun()
    {
        var thief = await Client.Join("alice");
        var token = await Server.EmailToken(thief, "thief@example.test");

        (await Client.ConfirmReset(await Server.ResetToken("alice"))).MustBeDone();

        (await Client.ConfirmEmail(token)).MustBe(HttpStatusCode.BadRequest, "invalid_email_change_token");
        await Client.SignIn("alice@example.test", AccountClient.NewPassword);
    }

    [Theory]
    [InlineData("new@example.test\r\nBcc: mallory@example.test")]
    [InlineData("new@example.test\nSubject: hello")]
    [InlineData("<new@example.test>")]
    [InlineData("new@example.test,mallory@example.test")]
    [InlineData("new@@example.test")]
    [InlineData("")]
    [InlineData(null)]
    public async Task What_is_no_address_is_refused_before_anything_is_hashed(string? address)
    {
        var tokens = await Client.Join("alice");
        var before = Server.Get<PasswordHasher>().BlocksFilled;

        Assert.Empty(await Server.Mailed(async () => Assert.Equal("new_email", (await Client.RequestEmail(tokens, address!)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields())));

        Assert.Equal(before, Server.Get<PasswordHasher>().BlocksFilled);
    }

    [Fact]
    public async Task White_space_around_the_new_address_is_not_kept()
    {
        var tokens = await Client.Join("alice");

        await Server.ChangeEmail(tokens, "  new@example.test ");

        Assert.Equal("new@example.test", (await Client.Me(await Client.Refresh(tokens))).Json.Text("email"));
    }

    /// <summary>The address is the same one in another spelling: nobody else has it.</summary>
    [Fact]
    public async Task Somebody_may_spell_their_own_address_anew()
    {
        var tokens = await Client.Join("alice");

        await Server.ChangeEmail(tokens, "Alice@Example.test");

        Assert.Equal("Alice@Example.test", (await Client.Me(await Client.Refresh(tokens))).Json.Text("email"));
    }

    private async Task<(long Journal, long Mail, long Proofs)> Rows() => (await Server.Count("journal"), await Server.Count("mail_outbox"), await Server.Count("account_proofs"));
}
