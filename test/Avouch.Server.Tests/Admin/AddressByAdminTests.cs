using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>B4: an administrator gives somebody another address. Nothing has shown that it is theirs, and the old one is not passed over.</summary>
public sealed class AddressByAdminTests : ServerTests
{
    private const string Other = "other@example.test";

    // B4
    [Fact]
    public async Task The_old_address_is_told_with_an_undo_and_the_new_one_has_to_be_verified()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Verified("alice");

        var mail = await Server.Mailed(async () => await Change(root, alice, Other));

        Assert.Equal([(MailTemplate.EmailChanged, "alice@example.test"), (MailTemplate.VerifyEmail, Other)], mail.Select(letter => (letter.Template, letter.To)));
        Assert.False((await Server.Get<UserAccounts>().Find(alice.Id()))!.IsVerified);
        Assert.DoesNotContain("127.0.0.1", string.Join(' ', mail.SelectMany(letter => letter.Values.Values)), StringComparison.Ordinal);
        (await Client.Verify(mail[1].Token())).MustBeDone();
        Assert.True((await Server.Get<UserAccounts>().Find(alice.Id()))!.IsVerified);
    }

    [Fact]
    public async Task The_undo_brings_the_old_address_back_and_ends_all_sessions()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Client.Join("alice");
        var mail = await Server.Mailed(async () => await Change(root, alice, Other));
        (await Client.PostJson("/api/v1/auth/register", new { email = "alice@example.test", password = TestClient.Password })).MustBe(HttpStatusCode.Conflict, "email_taken");

        (await Client.UndoEmail(mail[0].Token())).MustBeDone();

        Assert.Equal("alice@example.test", (await Server.Get<UserAccounts>().Find(alice.Id()))!.Email);
        (await Client.TryRefresh(alice.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.Verify(mail[1].Token())).MustBe(HttpStatusCode.BadRequest, "invalid_verification_token");
    }

    [Fact]
    public async Task Its_undo_lives_seven_days()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var (alice, bob) = (await Client.Join("alice"), await Client.Join("bob"));
        var first = (await Server.Mailed(async () => await Change(root, alice, Other)))[0].Token();
        var second = (await Server.Mailed(async () => await Change(root, bob, "third@example.test")))[0].Token();

        Pass(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        (await Client.UndoEmail(first)).MustBeDone();
        Pass(TimeSpan.FromSeconds(1));
        (await Client.UndoEmail(second)).MustBe(HttpStatusCode.BadRequest, "invalid_undo_token");
    }

    [Fact]
    public async Task Secrets_that_went_to_the_old_address_are_dead()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Client.Join("alice");
        var reset = await Server.ResetToken("alice");
        var own = await Server.EmailToken(alice, "own@example.test");

        await Change(root, alice, Other);

        (await Client.ConfirmReset(reset)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
        (await Client.ConfirmEmail(own)).MustBe(HttpStatusCode.BadRequest, "invalid_email_change_token");
        Assert.Equal(Other, (await Server.Get<UserAccounts>().Find(alice.Id()))!.Email);
    }

    [Fact]
    public async Task Tokens_go_stale_and_a_refresh_keeps_the_session()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Client.Join("alice");
        var before = (await Server.Journal())[^1].Seq;

        await Change(root, alice, Other);

        (await Client.Me(alice)).MustBe(HttpStatusCode.Unauthorized, "token_stale");
        Assert.Equal(Other, (await Client.Me(await Client.Refresh(alice))).Json.Text("email"));
        var row = Assert.Single(await Server.Journal(before));
        Assert.Equal((JournalKind.EmailChanged, (Guid?)alice.Id(), (Guid?)root.Id(), null), (row.Kind, row.UserId, row.ActorId, row.Detail));
    }

    [Fact]
    public async Task The_same_address_in_other_letters_is_no_other_address()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Verified("alice");
        var proofs = await Server.Count("account_proofs");

        Assert.Empty(await Server.Mailed(async () => await Change(root, alice, "Alice@Example.test")));

        var user = (await Server.Get<UserAccounts>().Find(alice.Id()))!;
        Assert.Equal(("Alice@Example.test", true), (user.Email, user.IsVerified));
        Assert.Equal(proofs, await Server.Count("account_proofs"));
    }

    [Fact]
    public async Task Somebody_who_is_shut_out_gets_no_secret_and_the_old_address_the_notice()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Client.Join("alice");

        var mail = await Server.Mailed(async () => Assert.Equal(HttpStatusCode.OK, (await Client.Patch($"/api/v1/users/{alice.Id()}", new { email = Other, is_active = false }, root.AccessToken)).Status));

        Assert.Equal([(MailTemplate.EmailChanged, "alice@example.test")], mail.Select(letter => (letter.Template, letter.To)));
    }

    /// <summary>Where accounts are hidden, a new one waits for its proof; one that has given it is not shut out by somebody else's typing error.</summary>
    [Fact]
    public async Task Whoever_has_once_proved_an_address_still_signs_in_where_accounts_are_hidden()
    {
        await Restart(("AVOUCH_HIDE_EXISTING_ACCOUNTS", "true"));
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.PostJson("/api/v1/auth/register", new { username = "alice", email = "alice@example.test", password = TestClient.Password }));
        (await Client.TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await Client.Verify(letter.Token())).MustBeDone();
        var alice = await Client.SignIn("alice");

        await Server.Get<UserEdits>().Apply(alice.Id(), new UserEdit(default, default, default) { Email = Other }, new Actor(Guid.CreateVersion7()));

        Assert.False((await Client.Me(await Client.SignIn("alice"))).Json.GetProperty("is_verified").GetBoolean());
    }

    private async Task<Tokens> Verified(string name)
    {
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register(name));
        (await Client.Verify(letter.Token())).MustBeDone();
        return await Client.SignIn(name);
    }

    private async Task<Answer> Change(Tokens admin, Tokens whose, string email)
    {
        var answer = await Client.Patch($"/api/v1/users/{whose.Id()}", new { email }, admin.AccessToken);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer;
    }
}
