using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/email/verification/request</c>: the verification mail once more. Takes no body.</summary>
internal sealed class RequestVerification(EmailVerification verification, RateLimits limits, DevelopmentTokens developer)
{
    [EndpointSummary("Mail the verification link again")]
    [EndpointDescription("To the stored address; the link before stops working. Answers the same, and mails nothing, where the address is verified already.")]
    [Tags("E-mail address")]
    [Gives<MessageJson>(200, "Always.", AnswerExamples.VerificationRequested)]
    [Refuses(401, 403)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (limits.Take(Limit.Verification, $"{token.Subject:N}") is { IsAllowed: false } full) return Problems.TooManyRequests(full);
        var proof = await verification.Request(token.Subject, ClientCaller.Of(http));
        http.Response.Headers.CacheControl = "no-store";
        return MessageJson.Result(developer.Add(http, "If your e-mail address is not verified yet, a link is on its way.", "Verification token", proof));
    }
}
