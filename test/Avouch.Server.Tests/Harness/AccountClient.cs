using System.Net;

namespace Avouch.Server.Tests.Harness;

/// <summary>The flows around passwords and addresses, in the words of the API.</summary>
internal static class AccountClient
{
    public const string NewPassword = "battery staple 43";

    public static Task<Answer> ChangePassword(this TestClient client, Tokens tokens, string current, string wanted, bool? keep = null) => client.PostJson(
        "/api/v1/auth/password/change", new { current_password = current, new_password = wanted, keep_other_sessions = keep }, tokens.AccessToken);

    public static Task<Answer> RequestReset(this TestClient client, string email) => client.PostJson("/api/v1/auth/password/reset/request", new { email });

    public static Task<Answer> ConfirmReset(this TestClient client, string token, string wanted = NewPassword) =>
        client.PostJson("/api/v1/auth/password/reset/confirm", new { token, new_password = wanted });

    public static Task<Answer> RequestVerification(this TestClient client, Tokens tokens) =>
        client.Send(new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/email/verification/request"), tokens.AccessToken);

    public static Task<Answer> Verify(this TestClient client, string token) => client.PostJson("/api/v1/auth/email/verification/confirm", new { token });

    public static Task<Answer> RequestEmail(this TestClient client, Tokens tokens, string email, string password = TestClient.Password) =>
        client.PostJson("/api/v1/auth/email/change/request", new { new_email = email, current_password = password }, tokens.AccessToken);

    public static Task<Answer> ConfirmEmail(this TestClient client, string token) => client.PostJson("/api/v1/auth/email/change/confirm", new { token });

    public static Task<Answer> UndoEmail(this TestClient client, string token) => client.PostJson("/api/v1/auth/email/change/undo", new { token });

    public static Task<Answer> TrySignIn(this TestClient client, string name, string password) => client.PostJson("/api/v1/auth/login", new { username = name, password });

    public static Answer MustBeDone(this Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True(answer.Json.GetProperty("success").GetBoolean());
        return answer;
    }

    /// <summary>The secret of a reset that was just asked for.</summary>
    public static async Task<string> ResetToken(this TestServer server, string name) =>
        (await server.MailedOne("reset_password", () => Ask(server, client => client.RequestReset($"{name}@example.test")))).Token();

    /// <summary>The secret that confirms another address.</summary>
    public static async Task<string> EmailToken(this TestServer server, Tokens tokens, string email, string password = TestClient.Password) =>
        (await server.MailedOne("confirm_new_email", () => Ask(server, client => client.RequestEmail(tokens, email, password)))).Token();

    /// <summary>Changes the address to the end.</summary>
    /// <returns>The secret of the undo.</returns>
    public static async Task<string> ChangeEmail(this TestServer server, Tokens tokens, string email)
    {
        var token = await server.EmailToken(tokens, email);
        return (await server.MailedOne("email_changed", () => Ask(server, client => client.ConfirmEmail(token)))).Token();
    }

    public static Guid UserId(this Tokens tokens) => tokens.Claims.GetProperty("sub").GetGuid();

    private static async Task Ask(TestServer server, Func<TestClient, Task<Answer>> ask)
    {
        using var client = server.Client();
        (await ask(client)).MustBeDone();
    }
}
