using System.Net;
using System.Net.Http.Json;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Limits;

/// <summary>The lock after wrong passwords, where an operator wants one. No other limit is on here.</summary>
public sealed class AccountLockTests : ServerTests
{
    private const string Wrong = "a wrong password";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LOCK_AFTER_FAILURES", "3"), ("AVOUCH_LOCK_MINUTES", "10")];

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task The_third_wrong_password_in_a_row_locks_and_the_right_one_is_answered_like_a_wrong_one()
    {
        var id = await Register("alice");
        var wrong = await Fail("alice", 3);
        var locked = await TrySignIn("alice", TestClient.Password);
        var unknown = await TrySignIn("nobody", TestClient.Password);

        Assert.All((Answer[])[.. wrong, locked, unknown], answer =>
        {
            answer.MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
            Assert.Equal(wrong[0].Body, answer.Body);
        });
        var row = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserLocked);
        Assert.Equal((id, "3 wrong passwords, 10 minutes", "127.0.0.1"), (row.UserId, row.Detail, row.Address));
        Assert.Equal(["account_locked"], await Mails(id));
        Assert.Equal(0, await Server.Count("sessions"));
    }

    [Fact]
    [Trait("ASVS", "6.3.8")]
    public async Task The_numbers_of_the_journal_do_not_tell_a_locked_account_from_one_that_is_not_there()
    {
        await Register("alice");

        var known = (await Fail("alice", 5)).ConvertAll(Reason);
        var unknown = (await Fail("nobody", 5)).ConvertAll(Reason);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => known[0] + i), known.Concat(unknown));
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserLocked);
        Assert.Equal(9, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.SignInFailed));
    }

    [Fact]
    public async Task A_finished_reset_ends_the_lock_at_once_and_lets_the_owner_in()
    {
        await Register("alice");
        await Fail("alice", 3);

        var device = (await Client.ConfirmReset(await Server.ResetToken("alice"))).MustBeDone().Json.Text("device_token");
        await Client.SignIn("alice", AccountClient.NewPassword);
        await Fail("alice", 3);   // whoever guesses goes on

        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice", AccountClient.NewPassword, device)).Status);
    }

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task It_lasts_as_long_as_it_is_set_to_whatever_is_tried_meanwhile()
    {
        await Register("alice");
        await Fail("alice", 3);

        Pass(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await Fail("alice", 5);
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        Pass(TimeSpan.FromSeconds(1));
        await Client.SignIn("alice");

        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserLocked);
    }

    [Fact]
    public async Task After_a_lock_is_over_it_takes_as_many_wrong_passwords_as_before()
    {
        await Register("alice");
        await Fail("alice", 3);
        Pass(TimeSpan.FromMinutes(10));
        await Fail("alice", 2);
        await Client.SignIn("alice");
        await Fail("alice", 2);
        await Client.SignIn("alice");
        await Fail("alice", 3);
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        Assert.Equal(2, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.UserLocked));
    }

    [Fact]
    public async Task A_known_device_enters_a_locked_account_and_does_not_unlock_it()
    {
        await Register("alice");
        var device = (await TrySignIn("alice", TestClient.Password)).Json.Text("device_token");
        await Fail("alice", 3);

        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice", TestClient.Password, device)).Status);
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Wrong_passwords_on_a_known_device_lock_nothing()
    {
        await Register("alice");
        var device = (await TrySignIn("alice", TestClient.Password)).Json.Text("device_token");
        for (var i = 0; i < 10; i++) (await TrySignIn("alice", Wrong, device)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        await Client.SignIn("alice");
        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.UserLocked);
    }

    [Fact]
    public async Task An_administrator_unlocks_and_the_journal_says_who()
    {
        var (id, admin) = (await Register("alice"), await Register("admin"));
        await Fail("alice", 3);

        Assert.Equal(UserChange.Done, await Server.Get<UserChanges>().Unlock(id, new Actor(admin)));
        await Client.SignIn("alice");
        Assert.Equal(UserChange.NothingToDo, await Server.Get<UserChanges>().Unlock(id, new Actor(admin)));
        Assert.Equal(UserChange.NoSuchUser, await Server.Get<UserChanges>().Unlock(Guid.Empty, new Actor(admin)));

        var row = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserUnlocked);
        Assert.Equal((id, admin), (row.UserId, row.ActorId));
    }

    [Fact]
    public async Task An_administrator_unlocks_over_HTTP_whoever_may_do_no_more_than_they()
    {
        var id = await Register("alice");
        await Server.AddRole("warden", Permission.UsersWrite);
        var warden = await Server.JoinAs(Client, "warden", "warden");
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        await Fail("alice", 3);
        await Fail("root", 3);
        var url = $"/api/v1/admin/users/{id}/unlock";

        var answer = await Client.Post(url, warden.AccessToken);

        Assert.Equal("The account is not locked any more.", answer.MustBeDone().Json.Text("message"));
        await Client.SignIn("alice");
        Assert.Equal(answer.Text, (await Client.Post(url, warden.AccessToken)).MustBeDone().Text);   // whether it was locked or not
        var row = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserUnlocked);
        Assert.Equal((id, (Guid?)warden.Id()), (row.UserId, row.ActorId));
        (await Client.Post($"/api/v1/admin/users/{root.Id()}/unlock", warden.AccessToken)).MustBe(HttpStatusCode.Forbidden, "missing_permission");
        (await TrySignIn("root", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        foreach (var nobody in (string[])[Guid.Empty.ToString(), "x"]) (await Client.Post($"/api/v1/admin/users/{nobody}/unlock", root.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_new_password_unlocks()
    {
        var id = await Register("alice");
        await Fail("alice", 3);

        var hash = await Server.Get<PasswordHasher>().Hash("another password 7", "", CancellationToken.None);
        await Server.Get<UserChanges>().SetPassword(id, hash.Hash!);

        await Client.SignIn("alice", "another password 7");
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserUnlocked);
    }

    [Fact]
    public async Task Wrong_passwords_at_once_lock_once()
    {
        var id = await Register("alice");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TrySignIn("alice", Wrong)));

        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserLocked);
        Assert.Equal(["account_locked"], await Mails(id));
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task It_costs_the_same_work_for_everybody_locked_or_not_there()
    {
        await Register("alice");
        var before = await Cost("alice", Wrong);
        await Fail("alice", 3);

        Assert.Equal(before, await Cost("alice", TestClient.Password));
        Assert.Equal(before, await Cost("alice", Wrong));
        Assert.Equal(before, await Cost("nobody", Wrong));
        Assert.Equal(2, await Server.Count("sign_in_failures"));   // alice, and everybody who is nobody
    }

    [Fact]
    public async Task Nobody_is_never_locked_and_nobody_gets_mail()
    {
        await Fail("nobody", 10);

        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.UserLocked);
        Assert.Equal(0, await Server.Count("mail_outbox"));
    }

    [Fact]
    public async Task A_lock_survives_a_restart_and_leaves_with_the_account()
    {
        var id = await Register("alice");
        await Fail("alice", 3);
        await Restart();
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        await Server.Get<UserChanges>().Delete(id);

        Assert.Equal(0, await Server.Count("sign_in_failures"));
    }

    [Fact]
    public async Task Without_an_end_only_somebody_ends_it()
    {
        await Restart(("AVOUCH_LOCK_MINUTES", "0"));
        var id = await Register("alice");
        await Fail("alice", 3);
        Pass(TimeSpan.FromDays(3650));
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        await Server.Get<UserChanges>().Unlock(id);
        await Client.SignIn("alice");
    }

    [Fact]
    public async Task By_default_nothing_is_counted_and_nothing_is_locked()
    {
        await Restart(("AVOUCH_LOCK_AFTER_FAILURES", "0"));
        await Register("alice");
        await Fail("alice", 50);

        await Client.SignIn("alice");
        Assert.Equal(0, await Server.Count("sign_in_failures"));
    }

    private static long Reason(Answer answer) => long.Parse(answer.Headers["Avouch-Reason"].AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);

    private async Task<Guid> Register(string name) => (await Client.Register(name)).GetProperty("id").GetGuid();

    private async Task<List<Answer>> Fail(string name, int times)
    {
        var answers = new List<Answer>();
        for (var i = 0; i < times; i++) answers.Add((await TrySignIn(name, Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials"));
        return answers;
    }

    private async Task<long> Cost(string name, string password)
    {
        var before = Server.Get<PasswordHasher>().BlocksFilled;
        await TrySignIn(name, password);
        return Server.Get<PasswordHasher>().BlocksFilled - before;
    }

    private Task<List<string>> Mails(Guid user) => Server.Database.Read(statements =>
        statements.List("SELECT template FROM mail_outbox WHERE user_id = @user AND template <> 'verify_email'", static row => row.Text(0), ("user", user))).AsTask();

    private Task<Answer> TrySignIn(string username, string password, string? device = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login") { Content = JsonContent.Create(new { username, password }) };
        if (device is not null) request.Headers.Add("Avouch-Device", device);
        return Client.Send(request);
    }
}
