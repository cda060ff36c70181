using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Auth;

/// <summary>Whoever does not know the password learns nothing: not whether the name exists, not whether the account is disabled.</summary>
public sealed class WrongCredentialsTests : ServerTests
{
    // ASVS 6.3.8
    [Fact]
    [Trait("ASVS", "6.3.4")]
    public async Task An_unknown_name_and_a_wrong_password_get_the_same_answer_byte_for_byte()
    {
        await Client.Register("alice");
        var disabled = (await Client.Register("bob")).GetProperty("id").GetGuid();
        await Server.Get<UserChanges>().Disable(disabled);

        Answer[] answers =
        [
            await TrySignIn("alice", "a wrong password"),
            await TrySignIn("nobody", "a wrong password"),
            await TrySignIn("alice@example.test", "a wrong password"),
            await TrySignIn("nobody@example.test", "a wrong password"),
            await TrySignIn("bob", "a wrong password"),
            await TrySignIn("alice", new string('x', 5000)),
            await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", "a wrong password")),
            await Client.PostForm("/api/v1/auth/login/form", ("username", "nobody"), ("password", "a wrong password")),
        ];

        foreach (var answer in answers)
        {
            answer.MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
            Assert.Equal(answers[0].Body, answer.Body);
            Assert.Equal(Comparable(answers[0]), Comparable(answer));
        }
        Assert.Equal(0, await Server.Count("sessions"));
    }

    // ASVS 6.3.8
    [Theory]
    [InlineData("nobody", "a wrong password")]
    [InlineData("nobody@example.test", TestClient.Password)]
    [InlineData("bob", "a wrong password")]
    [InlineData("bob", TestClient.Password)]
    [InlineData("alice", TestClient.Password)]
    public async Task Every_sign_in_costs_the_same_work(string name, string password)
    {
        await Client.Register("alice");
        await Server.Get<UserChanges>().Disable((await Client.Register("bob")).GetProperty("id").GetGuid());

        var wrongPassword = await Cost("alice", "a wrong password");

        Assert.InRange(wrongPassword, 1, long.MaxValue);
        Assert.Equal(wrongPassword, await Cost(name, password));
    }

    [Fact]
    public async Task A_disabled_account_says_so_only_after_the_right_password()
    {
        var id = (await Client.Register("alice")).GetProperty("id").GetGuid();
        await Server.Get<UserChanges>().Disable(id);

        (await TrySignIn("alice", "a wrong password")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Forbidden, "account_disabled");
        Assert.Equal(0, await Server.Count("sessions"));

        await Server.Get<UserChanges>().Enable(id);
        await Client.SignIn("alice");
    }

    // ASVS 6.2.8
    [Theory]
    [InlineData("Correct horse 42")]
    [InlineData(" correct horse 42")]
    [InlineData("correct horse 42 ")]
    [InlineData("correct horse 4")]
    [InlineData("correct horse 42\u0000")]
    [InlineData("ｃｏｒｒｅｃｔ horse 42")]
    public async Task A_password_is_checked_exactly_as_typed(string password)
    {
        await Client.Register("alice");

        (await TrySignIn("alice", password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Failures_are_journaled_five_times_and_then_summed_once_a_minute()
    {
        var alice = (await Client.Register("alice")).GetProperty("id").GetGuid();
        var reasons = new List<string?>();
        for (var i = 0; i < 8; i++) reasons.Add((await TrySignIn("alice", "a wrong password")).Reason);
        for (var i = 0; i < 6; i++) await TrySignIn("nobody", "a wrong password");

        var single = (await Server.Journal()).Where(entry => entry.Kind == JournalKind.SignInFailed).ToList();
        Assert.Equal(5 + 5, single.Count);
        Assert.Equal(5, single.Count(entry => entry.UserId == alice && entry.Address == "127.0.0.1"));
        Assert.Equal(single.Take(5).Select(entry => $"j-{entry.Seq}"), reasons.Take(5));
        Assert.All(reasons.Skip(5), reason => Assert.StartsWith("r-", reason, StringComparison.Ordinal));

        Pass(TimeSpan.FromMinutes(1));
        await TrySignIn("alice", "a wrong password");
        await Restart();

        var summed = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SignInsFailed);
        Assert.Equal("4 more", summed.Detail);
        Assert.Equal(11, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.SignInFailed));
    }

    [Fact]
    public async Task What_was_counted_is_written_when_the_server_stops()
    {
        for (var i = 0; i < 8; i++) await TrySignIn("nobody", "a wrong password");

        await Restart();

        Assert.Equal("3 more", Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SignInsFailed).Detail);
    }

    private static string Comparable(Answer answer) => string.Join("\n", answer.Headers
        .Where(header => header.Key is not ("Date" or "Avouch-Reason")).OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}"));

    private async Task<long> Cost(string name, string password)
    {
        var before = Server.Get<PasswordHasher>().BlocksFilled;
        await TrySignIn(name, password);
        return Server.Get<PasswordHasher>().BlocksFilled - before;
    }

    private Task<Answer> TrySignIn(string username, string password) => Client.PostJson("/api/v1/auth/login", new { username, password });
}
