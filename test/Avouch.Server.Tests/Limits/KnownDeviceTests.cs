using System.Net;
using System.Net.Http.Json;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Limits;

/// <summary>An attacker fills the limits of an account; its owner still gets in from a device that the account knows.</summary>
[Trait("ASVS", "6.3.1")]
public sealed class KnownDeviceTests : ServerTests
{
    private const string Wrong = "a wrong password";

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true")];

    [Fact]
    public async Task Its_owner_enters_while_an_attacker_at_the_same_address_has_filled_every_limit()
    {
        var device = await Join("alice");
        for (var i = 0; i < 40; i++) await TrySignIn($"person{i}", Wrong);   // the network
        for (var i = 0; i < 10; i++) await TrySignIn("alice", Wrong);        // the account

        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice", TestClient.Password, device)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice@example.test", TestClient.Password, device)).Status);
    }

    [Fact]
    public async Task It_never_stands_in_for_the_password_and_has_a_limit_of_its_own()
    {
        var device = await Join("alice");
        for (var i = 0; i < 5; i++) (await TrySignIn("alice", Wrong, device)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        var work = Server.Get<PasswordHasher>().BlocksFilled;

        var refused = (await TrySignIn("alice", TestClient.Password, device)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.Equal("60", refused.Headers["Retry-After"]);
        Assert.Equal(work, Server.Get<PasswordHasher>().BlocksFilled);
        await Client.SignIn("alice");   // the thief of a device token makes nobody else wait
    }

    [Fact]
    public async Task Signing_in_again_keeps_the_device_and_its_limit()
    {
        var first = await Join("alice");
        for (var i = 0; i < 4; i++) await TrySignIn("alice", Wrong, first);
        var second = (await TrySignIn("alice", TestClient.Password, first)).Json.Text("device_token");
        for (var i = 0; i < 5; i++) await TrySignIn("alice", Wrong, second);

        (await TrySignIn("alice", TestClient.Password, first)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        var other = (await TrySignIn("alice", TestClient.Password)).Json.Text("device_token");
        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice", TestClient.Password, other)).Status);
    }

    [Fact]
    public async Task That_of_somebody_else_is_that_of_a_stranger()
    {
        await Join("alice");
        var mallory = await Join("mallory");
        for (var i = 0; i < 5; i++) (await TrySignIn("alice", Wrong, mallory)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        (await TrySignIn("alice", Wrong, mallory)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        (await TrySignIn("alice", Wrong)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Theory]
    [InlineData("")]
    [InlineData("avd_")]
    [InlineData("avd_AQIAESIzRFVmd4iZqrvM3e7_AZWhwAAAcACAAAAAAAAAAgAAAABpVzWlAAAAAAAAAAPAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_forged_one_is_that_of_a_stranger(string forged)
    {
        await Join("alice");
        for (var i = 0; i < 5; i++) (await TrySignIn("alice", Wrong)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");

        (await TrySignIn("alice", TestClient.Password, forged)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task A_new_password_forgets_it_and_a_new_role_does_not()
    {
        var device = await Join("alice");
        var id = (await Client.Me(await Client.SignIn("alice"))).Json.GetProperty("id").GetGuid();
        await Server.Get<UserChanges>().SetRole(id, Role.Admin);
        await Fill("alice");
        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice", TestClient.Password, device)).Status);

        var hash = await Server.Get<PasswordHasher>().Hash("another password 7", "", CancellationToken.None);
        await Server.Get<UserChanges>().SetPassword(id, hash.Hash!);
        (await TrySignIn("alice", "another password 7", device)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    [Trait("ASVS", "6.3.1")]
    public async Task A_finished_reset_makes_the_guesses_forgotten_and_the_device_known()
    {
        await Join("alice");
        var secret = await Server.ResetToken("alice");
        await Fill("alice");
        await Fill("alice@example.test");

        var answer = (await Client.ConfirmReset(secret)).MustBeDone();
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        foreach (var name in (string[])["alice", "alice@example.test"]) Assert.Equal(HttpStatusCode.OK, (await TrySignIn(name, AccountClient.NewPassword)).Status);

        for (var i = 0; i < 40; i++) await TrySignIn($"person{i}", Wrong);   // the attacker goes on
        for (var i = 0; i < 6; i++) await TrySignIn("alice", Wrong);
        (await TrySignIn("alice", AccountClient.NewPassword)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice", AccountClient.NewPassword, answer.Json.Text("device_token"))).Status);
    }

    [Fact]
    public async Task A_reset_that_fails_leaves_the_guesses_as_they_are()
    {
        await Join("alice");
        var secret = await Server.ResetToken("alice");
        await Fill("alice");

        var answer = await Client.ConfirmReset(secret, "short");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.DoesNotContain("avd_", answer.Text, StringComparison.Ordinal);
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task A_changed_password_makes_the_guesses_forgotten()
    {
        await Client.Register("alice");
        var tokens = await Client.SignIn("alice");
        await Fill("alice");

        (await Client.ChangePassword(tokens, TestClient.Password, AccountClient.NewPassword)).MustBeDone();

        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice", AccountClient.NewPassword)).Status);
    }

    [Fact]
    public async Task It_lives_four_hundred_days()
    {
        var device = await Join("alice");
        Pass(TimeSpan.FromDays(400) - TimeSpan.FromSeconds(1));
        await Fill("alice");
        Assert.Equal(HttpStatusCode.OK, (await TrySignIn("alice", TestClient.Password, device)).Status);
        Pass(TimeSpan.FromSeconds(1));
        (await TrySignIn("alice", TestClient.Password, device)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    [Fact]
    public async Task It_opens_nothing_else()
    {
        var device = await Join("alice");

        (await Client.TryRefresh(device)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.Get("/api/v1/users/me", device)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.DoesNotContain(Server.Logs.Lines, line => line.Contains(device, StringComparison.Ordinal));
    }

    private async Task<string> Join(string name)
    {
        await Client.Register(name);
        return (await TrySignIn(name, TestClient.Password)).Json.Text("device_token");
    }

    private async Task Fill(string name)
    {
        for (var i = 0; i < 6; i++) await TrySignIn(name, Wrong);
        (await TrySignIn(name, TestClient.Password)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    private Task<Answer> TrySignIn(string username, string password, string? device = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login") { Content = JsonContent.Create(new { username, password }) };
        if (device is not null) request.Headers.TryAddWithoutValidation("Avouch-Device", device);
        return Client.Send(request);
    }
}
