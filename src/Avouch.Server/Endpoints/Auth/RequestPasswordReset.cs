using System.ComponentModel.DataAnnotations;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/password/reset/request</c>: a link to the stored address, if there is one. Nobody learns whether there is.</summary>
internal sealed class RequestPasswordReset(ForgottenPassword forgotten, DevelopmentTokens developer)
{
    internal sealed record Request([property: Required] string? Email = null);

    [EndpointSummary("Forgotten password")]
    [EndpointDescription("Mails a link that sets a new password. The answer and the work are the same whether or not an account has this address.")]
    [Tags("Passwords")]
    [Takes<Request>("""{"email":"alice@example.com"}""")]
    [Gives<MessageJson>(200, "Always, for anything that can be an address.", AnswerExamples.ResetRequested)]
    [Refuses(400, 413, 415, 422)]
    public async Task<IResult> Handle(HttpContext http)
    {
        var (request, problem) = await RequestBody.ReadJson(http, AccountJson.Default.RequestPasswordResetRequest);
        if (request is null) return problem!;
        if (AccountRules.CheckEmail(request.Email) is { } sentence) return Problems.Invalid("email", sentence);
        var (refusal, token) = await forgotten.Request(request.Email!, ClientCaller.Of(http));
        if (refusal is { } full) return Problems.TooManyRequests(full);
        http.Response.Headers.CacheControl = "no-store";
        return MessageJson.Result(developer.Add(http, "If an account has this e-mail address, a link to set a new password is on its way.", "Password reset token", token));
    }
}
