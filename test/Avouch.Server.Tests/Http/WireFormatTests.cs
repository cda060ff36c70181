using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Http;

/// <summary>What other people's programs read. A change here breaks them: it belongs into a new member, not into an old one.</summary>
public sealed class WireFormatTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("/api/v1/users/me", "user")]
    [InlineData("/api/v1/auth/me", "user")]
    [InlineData("/api/v1/users/me/status", "user")]
    [InlineData("/api/v1/auth/sessions", "sessions")]
    [InlineData("/.well-known/jwks.json", "jwks")]
    [InlineData("/.well-known/openid-configuration", "discovery")]
    [InlineData("/health/live", "health-live")]
    [InlineData("/api/v1/users/nobody", "problem-not-found")]
    public async Task An_answer_keeps_its_form(string url, string golden) =>
        (await shared.Client.Get(url, shared.Alice.AccessToken)).Json.MustMatchGolden(golden);

    [Fact]
    public async Task Health_keeps_its_form_for_whoever_does_not_run_the_server()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Add("Via", "1.1 proxy");

        (await shared.Client.Send(request)).Json.MustMatchGolden("health");
    }

    [Fact]
    public async Task A_new_account_keeps_its_form()
    {
        var answer = await shared.Client.PostJson("/api/v1/auth/register", new { email = "golden@example.test", password = TestClient.Password });

        answer.Json.MustMatchGolden("registered");
    }

    [Fact]
    public async Task An_answer_with_tokens_keeps_its_form()
    {
        await shared.Client.Register("bob");
        var login = await shared.Client.PostJson("/api/v1/auth/login", new { username = "bob", password = TestClient.Password });
        login.Json.MustMatchGolden("sign-in");
        (await shared.Client.PostForm("/api/v1/auth/token", ("username", "bob"), ("password", TestClient.Password))).Json.MustMatchGolden("sign-in");
        (await shared.Client.TryRefresh(login.Json.Text("refresh_token"))).Json.MustMatchGolden("tokens");
    }

    [Fact]
    [Trait("ASVS", "9.2.4")]
    public void An_access_token_keeps_its_form()
    {
        shared.Alice.Header.MustMatchGolden("access-token-header");
        shared.Alice.Claims.MustMatchGolden("access-token-claims");
    }

    [Fact]
    public async Task A_logout_keeps_its_form() =>
        (await shared.Client.Logout(await shared.Client.Join("carol"))).Json.MustMatchGolden("message");

    [Fact]
    public async Task What_is_said_about_passwords_and_addresses_keeps_its_form()
    {
        var dave = await shared.Client.Join("dave");
        (await shared.Client.RequestReset("dave@example.test")).Json.MustMatchGolden("reset-requested");
        (await shared.Client.RequestVerification(dave)).Json.MustMatchGolden("verification-requested");
        (await shared.Client.RequestEmail(dave, "other@example.test")).Json.MustMatchGolden("email-change-requested");
        (await shared.Client.ConfirmReset("avp_")).Json.MustMatchGolden("problem-invalid-reset-token");
        (await shared.Client.ChangePassword(dave, "wrong", AccountClient.NewPassword)).Json.MustMatchGolden("problem-wrong-password");
    }

    [Fact]
    public async Task A_refusal_keeps_its_form()
    {
        (await shared.Client.Get("/api/v1/users/me")).Json.MustMatchGolden("problem-not-signed-in");
        (await shared.Client.PostJson("/api/v1/auth/login", new { username = "alice" })).Json.MustMatchGolden("problem-invalid-input");
        (await shared.Client.PostJson("/api/v1/auth/login", new { username = "alice", password = "wrong" })).Json.MustMatchGolden("problem-invalid-credentials");
    }

    [Fact]
    public async Task Times_are_in_UTC_and_RFC_3339() =>
        Assert.Equal("2026-01-02T03:04:05+00:00", (await shared.Client.Me(shared.Alice)).Json.Text("created_at"));
}
