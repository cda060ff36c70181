using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Proofs;

public sealed class PasswordChangeTests : ServerTests
{
    private const string New = AccountClient.NewPassword;

    [Fact]
    [Trait("ASVS", "6.2.2")]
    public async Task The_new_password_counts_and_the_old_one_does_not()
    {
        var tokens = await Client.Join("alice");

        var answer = (await Client.ChangePassword(tokens, TestClient.Password, New)).MustBeDone();

        Assert.Equal("Your password has been changed.", answer.Json.Text("message"));
        await Client.SignIn("alice", New);
        (await Client.TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    // B7
    [Fact]
    [Trait("ASVS", "7.4.3")]
    public async Task The_other_sessions_end_and_this_one_goes_on()
    {
        var own = await Client.Join("alice");
        var other = await Client.SignIn("alice");
        var bob = await Client.Join("bob");

        (await Client.ChangePassword(own, TestClient.Password, New)).MustBeDone();

        (await Client.Me(other)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(other.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.Me(own)).MustBe(HttpStatusCode.Unauthorized, "token_stale");   // says "refresh", and nobody signs in again
        var renewed = await Client.Refresh(own);
        Assert.Equal((HttpStatusCode.OK, own.SessionId), ((await Client.Me(renewed)).Status, renewed.SessionId));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);
    }

    [Fact]
    [Trait("ASVS", "7.4.3")]
    public async Task A_flag_keeps_the_other_sessions()
    {
        var own = await Client.Join("alice");
        var other = await Client.SignIn("alice");

        (await Client.ChangePassword(own, TestClient.Password, New, keep: true)).MustBeDone();

        (await Client.Me(other)).MustBe(HttpStatusCode.Unauthorized, "token_stale");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(await Client.Refresh(other))).Status);
        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
    }

    [Fact]
    [Trait("ASVS", "6.3.7")]
    public async Task The_person_is_told_by_mail_and_the_journal_has_one_row()
    {
        var tokens = await Client.Join("alice");

        var letter = await Server.MailedOne(MailTemplate.PasswordChanged, () => Client.ChangePassword(tokens, TestClient.Password, New));

        Assert.Equal(("alice@example.test", "alice", "2026-01-02 03:04 UTC", "127.0.0.1"), (letter.To, letter.Values["name"], letter.Values["when"], letter.Values["address"]));
        Assert.False(letter.Values.ContainsKey("link"));
        var entry = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.PasswordChanged);
        Assert.Equal(((Guid?)tokens.UserId(), "changed", "127.0.0.1", (long?)2), (entry.UserId, entry.Detail, entry.Address, entry.Epoch));
    }

    // B39
    [Fact]
    [Trait("ASVS", "6.2.3")]
    public async Task A_wrong_current_password_is_a_failed_sign_in_and_changes_nothing()
    {
        var tokens = await Client.Join("alice");

        var mail = await Server.Mailed(async () =>
        {
            var answer = (await Client.ChangePassword(tokens, "wrong password", New)).MustBe(HttpStatusCode.Forbidden, "wrong_password");
            var failed = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SignInFailed);
            Assert.Equal(((Guid?)tokens.UserId(), $"j-{failed.Seq}"), (failed.UserId, answer.Reason));
            answer.MustNotEcho("wrong password", New);
        });

        Assert.Empty(mail);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        await Client.SignIn("alice");
    }

    // B39
    [Fact]
    public async Task A_wrong_current_password_costs_what_a_wrong_sign_in_costs()
    {
        var tokens = await Client.Join("alice");
        var signIn = await Cost(() => Client.TrySignIn("alice", "wrong password"));

        Assert.Equal(signIn, await Cost(() => Client.ChangePassword(tokens, "wrong password", New)));
        Assert.Equal(signIn, await Cost(() => Client.ChangePassword(tokens, new string('x', 5000), New)));
        Assert.InRange(signIn, 1, long.MaxValue);
    }

    [Fact]
    public async Task Wrong_passwords_here_and_at_sign_in_are_counted_together()
    {
        var tokens = await Client.Join("alice");

        for (var i = 0; i < 3; i++) await Client.TrySignIn("alice@example.test", "wrong password");
        for (var i = 0; i < 4; i++) await Client.ChangePassword(tokens, "wrong password", New);

        Assert.Equal(5, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.SignInFailed));   // then they are summed
    }

    [Theory]
    [InlineData("short", "new_password")]
    [InlineData("password1", "new_password")]
    [InlineData("alice2026", "new_password")]
    [InlineData("", "new_password")]
    [InlineData(TestClient.Password, "new_password")]
    public async Task A_new_password_that_is_no_good_is_refused_before_anything_is_hashed(string password, string field)
    {
        var tokens = await Client.Join("alice");

        var cost = await Cost(async () => Assert.Equal(field, (await Client.ChangePassword(tokens, TestClient.Password, password)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields()));

        Assert.Equal(0, cost);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
    }

    [Fact]
    public async Task Nobody_changes_a_password_without_a_token_or_with_one_of_an_ended_session()
    {
        var tokens = await Client.Join("alice");
        var body = new { current_password = TestClient.Password, new_password = New };

        (await Client.PostJson("/api/v1/auth/password/change", body)).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");
        await Client.Logout(tokens);
        (await Client.ChangePassword(tokens, TestClient.Password, New)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        await Client.SignIn("alice");
    }

    private async Task<long> Cost(Func<Task> act)
    {
        var before = Server.Get<PasswordHasher>().BlocksFilled;
        await act();
        return Server.Get<PasswordHasher>().BlocksFilled - before;
    }
}
