using System.Globalization;
using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Limits;

/// <summary>Somebody guesses passwords; somebody else only wants in.</summary>
public sealed class SignInLimitTests : ServerTests
{
    private const string Wrong = "a wrong password";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true"), ("AVOUCH_TRUSTED_PROXIES", "127.0.0.1")];

    // B29
    [Fact]
    [Trait("ASVS", "6.3.1")]
    [Trait("ASVS", "2.4.1")]
    public async Task Five_wrong_passwords_in_a_minute_and_the_sixth_is_not_looked_at()
    {
        await Client.Register("alice");
        await Fail("alice", 5);
        var (hashed, rows) = (Work, await Server.Count("journal"));

        var answer = await TrySignIn("alice", TestClient.Password);

        answer.MustBe(HttpStatusCode.TooManyRequests, "too_many_requests").MustNotEcho("alice", TestClient.Password);
        Assert.Equal(("60", "\"sign-in\";q=5;w=60", "\"sign-in\";r=0;t=60"), (answer.Headers["Retry-After"], answer.Headers["RateLimit-Policy"], answer.Headers["RateLimit"]));
        answer.Json.MustMatchGolden("problem-too-many-requests");
        Assert.Equal(hashed, Work);
        Assert.Equal(rows, await Server.Count("journal"));
        Assert.Equal(0, await Server.Count("sessions"));
    }

    [Fact]
    public async Task At_the_second_that_Retry_After_names_the_right_password_counts_again()
    {
        await Client.Register("alice");
        await Fail("alice", 5);

        Pass(TimeSpan.FromSeconds(59));
        Assert.Equal("1", (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests").Headers["Retry-After"]);
        Pass(TimeSpan.FromSeconds(1));
        await Client.SignIn("alice");
    }

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task Each_further_wrong_password_doubles_the_wait_up_to_a_quarter_of_an_hour()
    {
        await Client.Register("alice");
        await Fail("alice", 5);
        var waits = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            waits.Add(int.Parse((await TrySignIn("alice", Wrong)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests").Headers["Retry-After"], CultureInfo.InvariantCulture));
            Pass(TimeSpan.FromSeconds(waits[^1]));
            await Fail("alice", 1);
        }

        Assert.Equal([60, 120, 240, 480, 900, 900], waits);
    }

    [Fact]
    public async Task A_right_password_makes_the_wrong_ones_forgotten_and_never_counts_itself()
    {
        await Client.Register("alice");
        for (var round = 0; round < 4; round++)
        {
            await Fail("alice", 4);
            await Client.SignIn("alice");
        }
        for (var i = 0; i < 20; i++) await Client.SignIn("alice");
    }

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task An_unknown_name_is_held_back_byte_for_byte_like_a_known_one()
    {
        await Client.Register("alice");
        var known = await Answers("alice");
        Pass(TimeSpan.FromDays(1));
        var unknown = await Answers("nobody");

        Assert.Equal(known.Count, unknown.Count);
        for (var i = 0; i < known.Count; i++)
        {
            Assert.Equal(known[i].Status, unknown[i].Status);
            Assert.Equal(known[i].Body, unknown[i].Body);
            Assert.Equal(Comparable(known[i]), Comparable(unknown[i]));
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, known[^1].Status);
    }

    [Fact]
    public async Task Other_ways_to_write_a_name_are_the_same_name()
    {
        await Client.Register("alice");
        foreach (var name in (string[])["alice", "ALICE", " alice ", "ａｌｉｃｅ", "Alice"]) (await TrySignIn(name, Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        (await TrySignIn("aLiCe", Wrong)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", Wrong))).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task An_attacker_at_one_address_is_slow_for_himself_and_the_owner_at_another_gets_in_a_minute_later()
    {
        await Client.Register("alice");
        for (var i = 0; i < 5; i++) (await From("203.0.113.7", "alice", Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        Pass(TimeSpan.FromMinutes(1));
        (await From("203.0.113.7", "alice", Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        Assert.Equal("120", (await From("203.0.113.7", "alice", Wrong)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests").Headers["Retry-After"]);
        Assert.Equal(HttpStatusCode.OK, (await From("198.51.100.1", "alice", TestClient.Password)).Status);
    }

    [Fact]
    public async Task Many_addresses_have_five_tries_a_minute_between_them()
    {
        await Client.Register("alice");
        for (var i = 0; i < 5; i++) (await From($"203.0.113.{i}", "alice", Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        (await From("198.51.100.1", "alice", Wrong)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Pass(TimeSpan.FromSeconds(59));
        (await From("198.51.100.1", "alice", Wrong)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Pass(TimeSpan.FromSeconds(1));
        (await From("198.51.100.1", "alice", Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task One_password_for_many_names_is_held_back_by_network()
    {
        for (var i = 0; i < 30; i++) (await From($"2001:db8:1:2::{i:x}", $"person{i}", Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        (await From("2001:db8:1:2:ffff::1", "somebody", Wrong)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");   // another address of the same /64
        (await From("2001:db8:1:3::1", "somebody", Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task A_thousand_guesses_at_once_are_five()
    {
        await Client.Register("alice");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => TrySignIn("alice", $"{Wrong} {i}")));

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
        Assert.Equal(95, answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task What_was_typed_as_a_name_stands_in_no_log_and_no_journal_row()
    {
        const string Typed = "my-secret-typed-into-the-wrong-field";
        await Fail(Typed, 5);
        (await TrySignIn(Typed, Wrong)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests").MustNotEcho(Typed);

        Assert.DoesNotContain(Server.Logs.Lines, line => line.Contains(Typed, StringComparison.OrdinalIgnoreCase));
        Assert.All(await Server.Journal(), entry => Assert.DoesNotContain(Typed, entry.ToString(), StringComparison.OrdinalIgnoreCase));
        Assert.Equal(5, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.SignInFailed));
    }

    private long Work => Server.Get<PasswordHasher>().BlocksFilled;

    private async Task Fail(string name, int times)
    {
        for (var i = 0; i < times; i++) (await TrySignIn(name, Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    private async Task<List<Answer>> Answers(string name)
    {
        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++) answers.Add(await TrySignIn(name, Wrong));
        return answers;
    }

    private static string Comparable(Answer answer) => string.Join("\n", answer.Headers
        .Where(header => header.Key is not ("Date" or "Avouch-Reason")).OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}"));

    private Task<Answer> TrySignIn(string username, string password) => Client.PostJson("/api/v1/auth/login", new { username, password });

    private Task<Answer> From(string address, string username, string password)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login") { Content = System.Net.Http.Json.JsonContent.Create(new { username, password }) };
        request.Headers.Add("X-Forwarded-For", address);
        return Client.Send(request);
    }
}
