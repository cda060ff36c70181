using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Proofs;

/// <summary>Somebody knows Alice's password and has changed her address. She has the notice with the link.</summary>
public sealed class EmailUndoTests : ServerTests
{
    private const string Thief = "thief@example.test";

    [Fact]
    public async Task The_address_comes_back_everybody_is_signed_out_and_only_a_reset_leads_in()
    {
        var thief = await Client.Join("alice");
        var undo = await Server.ChangeEmail(thief, Thief);
        thief = await Client.Refresh(thief);

        var mail = await Server.Mailed(async () => (await Client.UndoEmail(undo)).MustBeDone());

        Assert.Equal([(MailTemplate.PasswordChanged, Thief), (MailTemplate.ResetPassword, "alice@example.test")], mail.Select(letter => (letter.Template, letter.To)));
        Assert.Equal("", mail[0].Values["address"]);   // where the owner sits is nothing for the thief
        Assert.DoesNotContain(mail[0].Values.Values, value => value.Contains("alice@", StringComparison.Ordinal));
        (await Client.Me(thief)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(thief.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        foreach (var name in (string[])["alice", "alice@example.test", Thief])
            (await Client.TrySignIn(name, TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Empty(await Server.Mailed(async () => (await Client.RequestReset(Thief)).MustBeDone()));

        (await Client.ConfirmReset(mail[1].Token())).MustBeDone();
        Assert.Equal("alice@example.test", (await Client.Me(await Client.SignIn("alice", AccountClient.NewPassword))).Json.Text("email"));
    }

    [Fact]
    public async Task It_is_journaled_and_works_once()
    {
        var undo = await Server.ChangeEmail(await Client.Join("alice"), Thief);

        (await Client.UndoEmail(undo)).MustBeDone();
        (await Client.UndoEmail(undo)).MustBe(HttpStatusCode.BadRequest, "invalid_undo_token");

        var entry = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.EmailChangeUndone);
        Assert.Equal((3L, "127.0.0.1"), (entry.Epoch, entry.Address));
        Assert.Single(await Server.Journal(), entry => entry is { Kind: JournalKind.SessionEnded, Detail: EndReason.EmailChangeUndone });
    }

    /// <summary>Everything that a thief can do to make the link in the notice useless.</summary>
    [Fact]
    public async Task It_outlives_a_second_change_a_new_password_and_a_reset()
    {
        var thief = await Client.Join("alice");
        var undo = await Server.ChangeEmail(thief, Thief);
        thief = await Client.Refresh(thief);
        var second = await Server.ChangeEmail(thief, "second@example.test");
        thief = await Client.Refresh(thief);
        (await Client.ChangePassword(thief, TestClient.Password, "yet another one 44")).MustBeDone();
        (await Client.ConfirmReset(await Server.ResetToken("second"), "and another one 45")).MustBeDone();
        (await Client.UndoEmail(second)).MustBeDone();   // back to the thief's own address

        (await Client.UndoEmail(undo)).MustBeDone();

        (await Client.ConfirmReset(await Server.ResetToken("alice"))).MustBeDone();
        Assert.Equal("alice@example.test", (await Client.Me(await Client.SignIn("alice", AccountClient.NewPassword))).Json.Text("email"));
    }

    [Fact]
    public async Task Going_back_kills_the_undos_of_what_came_later()
    {
        var thief = await Client.Join("alice");
        var undo = await Server.ChangeEmail(thief, Thief);
        var second = await Server.ChangeEmail(await Client.Refresh(thief), "second@example.test");

        (await Client.UndoEmail(undo)).MustBeDone();

        (await Client.UndoEmail(second)).MustBe(HttpStatusCode.BadRequest, "invalid_undo_token");
        Assert.Equal("alice@example.test", (await Server.Get<UserAccounts>().Find(thief.UserId()))!.Email);
    }

    [Fact]
    public async Task Nobody_can_take_the_old_address_while_it_can_come_back()
    {
        var undo = await Server.ChangeEmail(await Client.Join("alice"), Thief);
        var bob = await Client.Join("bob");

        (await Client.PostJson("/api/v1/auth/register", new { email = "ALICE@example.test", password = TestClient.Password })).MustBe(HttpStatusCode.Conflict, "email_taken");
        await Server.MailedOne(MailTemplate.AccountExists, () => Client.RequestEmail(bob, "alice@example.test"));
        (await Client.UndoEmail(undo)).MustBeDone();
    }

    [Fact]
    public async Task After_seven_days_the_old_address_is_anybodys()
    {
        await Server.ChangeEmail(await Client.Join("alice"), Thief);

        Pass(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        (await Client.PostJson("/api/v1/auth/register", new { email = "alice@example.test", password = TestClient.Password })).MustBe(HttpStatusCode.Conflict, "email_taken");
        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Created, (await Client.PostJson("/api/v1/auth/register", new { email = "alice@example.test", password = TestClient.Password })).Status);
    }

    [Fact]
    public async Task Somebody_may_go_back_to_their_own_old_address_by_themselves()
    {
        var alice = await Client.Join("alice");
        await Server.ChangeEmail(alice, "new@example.test");
        alice = await Client.Refresh(alice);

        await Server.ChangeEmail(alice, "alice@example.test");

        Assert.Equal("alice@example.test", (await Client.Me(await Client.Refresh(alice))).Json.Text("email"));
    }

    [Fact]
    public async Task Of_a_disabled_account_it_waits_until_the_account_is_enabled()
    {
        var alice = await Client.Join("alice");
        var undo = await Server.ChangeEmail(alice, Thief);
        await Server.Get<UserChanges>().Disable(alice.UserId());

        var mail = await Server.Mailed(async () => (await Client.UndoEmail(undo)).MustBe(HttpStatusCode.Forbidden, "account_disabled"));
        (await Client.UndoEmail("avp_" + new string('A', undo.Length - 4))).MustBe(HttpStatusCode.BadRequest, "invalid_undo_token");
        Assert.Empty(mail);
        Assert.Equal(Thief, (await Server.Get<UserAccounts>().Find(alice.UserId()))!.Email);
        await Server.Get<UserChanges>().Enable(alice.UserId());

        (await Client.UndoEmail(undo)).MustBeDone();
    }
}
