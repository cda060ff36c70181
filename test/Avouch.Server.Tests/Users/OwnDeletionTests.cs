using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>One's own account for good: the person's data go, the fact stays; and everything that is known, to take along before.</summary>
public sealed class OwnDeletionTests : ServerTests
{
    private const string Me = "/api/v1/users/me";

    [Fact]
    [Trait("ASVS", "7.4.2")]
    public async Task The_persons_data_go_and_the_fact_stays()
    {
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");
        await Client.Patch(Me, new { full_name = "Alice A." }, alice.AccessToken);
        Assert.Contains(await Server.Journal(), row => row.UserId == alice.Id() && row.Address is not null);

        var answer = await Client.DeleteJson(Me, new { current_password = TestClient.Password }, alice.AccessToken);

        answer.Json.MustMatchGolden("account-deleted");
        (await Client.Me(alice)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(alice.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        var rows = (await Server.Journal()).Where(row => row.UserId == alice.Id()).ToList();
        Assert.Equal([JournalKind.UserRegistered, JournalKind.SignedIn, JournalKind.UserEdited, JournalKind.UserDeleted, JournalKind.SessionEnded], rows.Select(row => row.Kind));
        Assert.All(rows, row => Assert.Null(row.Address));
        Assert.Contains(await Server.Journal(), row => row.UserId == bob.Id() && row.Address is not null);
        Assert.Equal((1L, 1L, 0L), (await Server.Count("users"), await Server.Count("user_roles"), await Server.Count("erasures")));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);

        await Restart();
        (await Client.Me(alice)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        var again = await Client.Join("alice");
        Assert.NotEqual(alice.Id(), again.Id());
        Assert.Null((await Client.Me(again)).Json.GetProperty("full_name").GetString());
    }

    [Fact]
    public async Task One_letter_says_so_and_those_that_wait_are_forgotten()
    {
        var alice = await Client.Join("alice");
        await Server.Database.Write(transaction => Server.Get<Outbox>().Add(transaction, new Letter(MailTemplate.AccountLocked, alice.Id(), "alice@example.test", null, new Dictionary<string, string>())));

        await Client.DeleteJson(Me, new { current_password = TestClient.Password }, alice.AccessToken);

        var left = await Server.Database.Read(statements => UserMail.List(statements, alice.Id(), Guid.Empty, 10));
        Assert.Equal([MailTemplate.AccountDeleted], left.Select(mail => mail.Template));
    }

    [Theory]
    [InlineData("""{"current_password":"wrong horse 42"}""", HttpStatusCode.Forbidden, "wrong_password")]
    [InlineData("""{"current_password":""}""", HttpStatusCode.UnprocessableEntity, "invalid_input")]
    [InlineData("""{"password":"correct horse 42"}""", HttpStatusCode.UnprocessableEntity, "invalid_input")]
    [InlineData("""{"current_password":null}""", HttpStatusCode.UnprocessableEntity, "invalid_input")]
    [InlineData("""{"current_password":["correct horse 42"]}""", HttpStatusCode.UnprocessableEntity, "invalid_input")]
    [InlineData("", HttpStatusCode.BadRequest, "invalid_json")]
    public async Task Without_the_password_nothing_is_deleted(string body, HttpStatusCode status, string code)
    {
        var alice = await Client.Join("alice");

        var answer = await Client.Send(new HttpRequestMessage(HttpMethod.Delete, Me) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") }, alice.AccessToken);

        answer.MustBe(status, code);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(alice)).Status);
        Assert.Equal(code == "wrong_password" ? 1 : 0, (await Server.Journal()).Count(row => row.Kind == JournalKind.SignInFailed && row.UserId == alice.Id()));
        Assert.Equal(0, await Server.Count("mail_outbox"));
    }

    [Fact]
    public async Task The_last_administrator_stays()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);

        (await Client.DeleteJson(Me, new { current_password = TestClient.Password }, root.AccessToken)).MustBe(HttpStatusCode.Conflict, "last_admin");

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(root)).Status);
    }

    [Fact]
    public async Task An_erasure_that_a_crash_cut_short_is_finished_by_the_next_minute()
    {
        var alice = await Client.Join("alice");
        for (var i = 0; i < 600; i++)
            await Server.Database.Write(transaction => Server.Get<SecurityJournal>().Add(transaction, new JournalEntry(JournalKind.SignInFailed, Server.Time.GetUtcNow()) { UserId = alice.Id(), Address = "203.0.113.7" }));
        await Server.Get<UserChanges>().Delete(alice.Id());   // the noun alone: nobody has erased anything yet
        Assert.Equal(1, await Server.Count("erasures"));

        await Restart();
        await Server.Get<JournalErasure>().Run(default);

        Assert.Equal(0, await Server.Count("erasures"));
        var rows = (await Server.Journal()).Where(row => row.UserId == alice.Id()).ToList();
        Assert.Equal((604, true), (rows.Count, rows.All(row => row.Address is null)));
    }

    [Fact]
    public async Task Everything_that_is_known_of_somebody_is_theirs_to_take()
    {
        var alice = await Client.Join("alice");
        await Client.Logout(await Client.SignIn("alice"));
        await Server.JoinAs(Client, "root", Role.Admin);
        var before = (await Server.Journal()).Count;

        var answer = await Client.Get($"{Me}/export", alice.AccessToken);

        Assert.Equal(("attachment; filename=\"avouch-account.json\"", "no-store"), (answer.Headers["Content-Disposition"], answer.Headers["Cache-Control"]));
        answer.Json.MustMatchGolden("export");
        answer.MustNotEcho("argon2", "password_hash", "root", alice.RefreshToken, alice.AccessToken);
        Assert.Equal(before, (await Server.Journal()).Count);
    }

    [Fact]
    public async Task However_much_it_is_every_row_comes_once()
    {
        var alice = await Client.Join("alice");
        await Server.Database.Write(async transaction =>
        {
            for (var i = 0; i < 1200; i++)
                await Server.Get<SecurityJournal>().Add(transaction, new JournalEntry(JournalKind.SignInFailed, Server.Time.GetUtcNow()) { UserId = alice.Id(), Detail = $"{i}" });
        });

        var rows = (await Client.Get($"{Me}/export", alice.AccessToken)).Json.GetProperty("journal").EnumerateArray().Select(row => row.GetProperty("seq").GetInt64()).ToList();

        Assert.Equal((1202, 1202), (rows.Count, rows.Distinct().Count()));
    }
}
