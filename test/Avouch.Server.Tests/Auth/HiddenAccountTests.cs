using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Auth;

/// <summary>AVOUCH_HIDE_EXISTING_ACCOUNTS: nobody learns from a sign-up who has an account.</summary>
[Trait("ASVS", "6.3.8")]
public sealed class HiddenAccountTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_HIDE_EXISTING_ACCOUNTS", "true")];

    // B10
    [Fact]
    public async Task A_taken_address_is_answered_byte_for_byte_like_a_free_one_and_costs_the_same_work()
    {
        var (free, freeWork) = await Measure("alice", "alice@example.test");
        var (taken, takenWork) = await Measure("somebody", "ALICE@example.test");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (free.Status, taken.Status));
        Assert.Equal(free.Body, taken.Body);
        Assert.Equal(Comparable(free), Comparable(taken));
        Assert.Equal(freeWork, takenWork);
        free.Json.MustMatchGolden("almost-registered");
        Assert.Equal(1, await Server.Count("users"));
        Assert.Equal(["account_exists", "verify_email"], (await Mails()).Order(StringComparer.Ordinal));
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserRegisteredAgain);
    }

    [Fact]
    public async Task A_sign_in_with_the_new_password_tells_nothing_either_until_the_address_is_verified()
    {
        await Register("alice", "alice@example.test");
        await Register("bob", "alice@example.test");

        var created = (await TrySignIn("alice")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        var refused = (await TrySignIn("bob")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal(created.Body, refused.Body);
        (await TrySignIn("alice@example.test")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        await Server.Database.Write(transaction => transaction.Execute("UPDATE users SET is_verified = TRUE"));
        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice")).Status);
    }

    [Fact]
    public async Task The_same_user_name_once_more_conflicts_whether_the_first_time_made_an_account_or_not()
    {
        await Register("alice", "alice@example.test");
        await Register("bob", "alice@example.test");   // no account

        (await Register("alice", "other@example.test")).MustBe(HttpStatusCode.Conflict, "username_taken");
        (await Register("bob", "other@example.test")).MustBe(HttpStatusCode.Conflict, "username_taken");
        (await Register("bob", "alice@example.test")).MustBe(HttpStatusCode.Conflict, "username_taken");
        Assert.Equal(1, await Server.Count("users"));
    }

    [Fact]
    public async Task A_name_is_held_for_thirty_days()
    {
        await Register("alice", "alice@example.test");
        await Register("bob", "alice@example.test");

        Pass(HeldNames.Time - TimeSpan.FromSeconds(1));
        (await Register("bob", "bob@example.test")).MustBe(HttpStatusCode.Conflict, "username_taken");
        Pass(TimeSpan.FromSeconds(1));
        await Server.Get<HeldNames>().Purge();
        Assert.Equal(0, await Server.Count("held_names"));
        Assert.Equal(HttpStatusCode.Accepted, (await Register("bob", "bob@example.test")).Status);
    }

    [Fact]
    public async Task What_is_wrong_with_the_form_is_said_as_ever()
    {
        await Register("alice", "alice@example.test");

        var answer = await Client.PostJson("/api/v1/auth/register", new { username = "x", email = "alice@example.test", password = "short" });

        Assert.Equal("password, username", answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
    }

    [Fact]
    public async Task The_owner_is_not_flooded_with_mail()
    {
        await Restart(("AVOUCH_LIMITS_ENABLED", "true"));
        await Register("alice", "alice@example.test");
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.Accepted, (await Register(null, "alice@example.test")).Status);

        Assert.Equal(3, (await Mails()).Count(template => template == "account_exists"));
    }

    [Fact]
    public async Task Two_at_once_with_one_address_make_one_account_and_get_the_same_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Register($"person{i}x", "alice@example.test")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Equal(1, await Server.Count("users"));
    }

    [Fact]
    public async Task Accounts_from_before_sign_in_as_ever()
    {
        await Restart(("AVOUCH_HIDE_EXISTING_ACCOUNTS", "false"));
        await Client.Register("carol");
        await Restart();

        await Client.SignIn("carol");
    }

    private async Task<(Answer Answer, long Work)> Measure(string username, string email)
    {
        var before = Server.Get<PasswordHasher>().BlocksFilled;
        var answer = await Register(username, email);
        return (answer, Server.Get<PasswordHasher>().BlocksFilled - before);
    }

    private Task<List<string>> Mails() => Server.Database.Read(statements => statements.List("SELECT template FROM mail_outbox ORDER BY created_at, id", static row => row.Text(0))).AsTask();

    private static string Comparable(Answer answer) => string.Join("\n", answer.Headers
        .Where(header => header.Key is not "Date").OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}"));

    private Task<Answer> TrySignIn(string username) => Client.PostJson("/api/v1/auth/login", new { username, password = TestClient.Password });

    private Task<Answer> Register(string? username, string email) => Client.PostJson("/api/v1/auth/register", new { username, email, password = TestClient.Password });
}
