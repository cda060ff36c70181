using System.Net;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Limits;

/// <summary>Limits of mails, and of passwords that somebody shows who is signed in.</summary>
public sealed class ProofLimitTests : ServerTests
{
    private const string ResetUrl = "/api/v1/auth/password/reset/request";
    private const string VerifyUrl = "/api/v1/auth/email/verification/request";
    private const string ChangeUrl = "/api/v1/auth/password/change";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Fact]
    [Trait("ASVS", "2.4.1")]
    public async Task Three_resets_an_hour_for_one_address_whether_anybody_has_it_or_not()
    {
        await Client.Register("alice");
        var mails = await Server.Count("mail_outbox");
        var known = await Answers("alice@example.test", 4);
        var unknown = await Answers("nobody@example.test", 4);

        Assert.All(known.Take(3), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        known[3].MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Equal(("3600", "\"password-reset\";q=3;w=3600"), (known[3].Headers["Retry-After"], known[3].Headers["RateLimit-Policy"]));
        Assert.Equal(known.Select(answer => answer.Text), unknown.Select(answer => answer.Text));
        Assert.Equal(mails + 3, await Server.Count("mail_outbox"));
        (await Client.PostJson(ResetUrl, new { email = "ALICE@EXAMPLE.TEST" })).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Pass(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await Client.PostJson(ResetUrl, new { email = "alice@example.test" })).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await Client.PostJson(ResetUrl, new { email = "alice@example.test" })).Status);
    }

    [Fact]
    public async Task Resets_from_one_network_are_held_back_whatever_the_address()
    {
        for (var i = 0; i < 30; i++) Assert.Equal(HttpStatusCode.OK, (await Client.PostJson(ResetUrl, new { email = $"person{i}@example.test" })).Status);

        var refused = (await Client.PostJson(ResetUrl, new { email = "somebody@example.test" })).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.Equal("\"password-reset-network\";q=30;w=3600", refused.Headers["RateLimit-Policy"]);
    }

    [Fact]
    public async Task Three_verification_mails_an_hour_for_one_user()
    {
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");
        var mails = await Server.Count("mail_outbox");
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, (await Client.PostJson(VerifyUrl, new { }, alice.AccessToken)).Status);

        (await Client.PostJson(VerifyUrl, new { }, alice.AccessToken)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.Equal(mails + 3, await Server.Count("mail_outbox"));
        Assert.Equal(HttpStatusCode.OK, (await Client.PostJson(VerifyUrl, new { }, bob.AccessToken)).Status);
        Pass(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await Client.PostJson(VerifyUrl, new { }, (await Client.Refresh(alice)).AccessToken)).Status);
    }

    [Theory]
    [InlineData("victim@example.test")]
    [InlineData("bob@example.test")]
    public async Task Three_mails_an_hour_to_one_new_address_whoever_asks_and_whether_anybody_has_it_or_not(string target)
    {
        await Client.Register("bob");
        var askers = new List<Tokens>();
        foreach (var name in (string[])["alice", "carol", "dave", "erin"]) askers.Add(await Client.Join(name));
        var mails = await Server.Count("mail_outbox");
        foreach (var asker in askers[..3]) (await Client.RequestEmail(asker, target)).MustBeDone();

        var refused = (await Client.RequestEmail(askers[3], target.ToUpperInvariant())).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.Equal("\"email-change-address\";q=3;w=3600", refused.Headers["RateLimit-Policy"]);
        Assert.Equal(mails + 3, await Server.Count("mail_outbox"));
        foreach (var other in (string[])["one", "two", "three"]) (await Client.RequestEmail(askers[3], $"{other}@example.test")).MustBeDone();   // the refusal cost the asker nothing
    }

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task A_stolen_access_token_guesses_five_passwords_and_then_waits()
    {
        var alice = await Client.Join("alice");
        for (var i = 0; i < 5; i++) (await Change(alice, $"wrong {i}")).MustBe(HttpStatusCode.Forbidden, "wrong_password");
        var work = Server.Get<PasswordHasher>().BlocksFilled;

        var refused = (await Change(alice, TestClient.Password)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.Equal("60", refused.Headers["Retry-After"]);
        Assert.Equal(work, Server.Get<PasswordHasher>().BlocksFilled);
        await Client.SignIn("alice");   // the owner is not shut out
        Pass(TimeSpan.FromSeconds(59));
        (await Change(alice, TestClient.Password)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await Change(alice, TestClient.Password)).Status);
    }

    [Fact]
    public async Task Wrong_sign_ins_from_outside_do_not_keep_the_owner_from_changing_the_password()
    {
        var alice = await Client.Join("alice");
        for (var i = 0; i < 8; i++) await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = "wrong" });

        Assert.Equal(HttpStatusCode.OK, (await Change(alice, TestClient.Password)).Status);
    }

    [Fact]
    public async Task A_changed_password_makes_known_devices_strangers()
    {
        await Client.Register("alice");
        var signedIn = (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).Json;
        Assert.NotNull(await Find(signedIn.Text("device_token")));

        Assert.Equal(HttpStatusCode.OK, (await Client.PostJson(ChangeUrl, new { current_password = TestClient.Password, new_password = "another password 7" }, signedIn.Text("access_token"))).Status);

        Assert.Null(await Find(signedIn.Text("device_token")));
    }

    private async Task<object?> Find(string device) => await Server.Get<Avouch.Server.Sessions.KnownDevices>().Find(device, "alice");

    private async Task<List<Answer>> Answers(string email, int times)
    {
        var answers = new List<Answer>();
        for (var i = 0; i < times; i++) answers.Add(await Client.PostJson(ResetUrl, new { email }));
        return answers;
    }

    private Task<Answer> Change(Tokens tokens, string current) => Client.PostJson(ChangeUrl, new { current_password = current, new_password = "another password 7" }, tokens.AccessToken);
}
