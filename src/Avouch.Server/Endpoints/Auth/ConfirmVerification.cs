using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/email/verification/confirm</c>: the mailed secret. Whoever reads the mail need not be signed in here.</summary>
internal sealed class ConfirmVerification(EmailVerification verification)
{
    [EndpointSummary("Verify the e-mail address")]
    [EndpointDescription("Takes the token from the mailed link, once.")]
    [Tags("E-mail address")]
    [Takes<MailedToken>("""{"token":"avp_…"}""")]
    [Gives<MessageJson>(200, "The address is verified.", AnswerExamples.EmailVerified)]
    [Refuses(400, 413, 415, 422)]
    public Task<IResult> Handle(HttpContext http) => ProofAnswer.Take(
        http, token => verification.Confirm(token, ClientCaller.Of(http)), "Your e-mail address is verified.", Problems.InvalidVerificationToken);
}
