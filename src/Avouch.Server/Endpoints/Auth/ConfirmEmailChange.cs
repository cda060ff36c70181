using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/email/change/confirm</c>: the secret that was mailed to the new address.</summary>
internal sealed class ConfirmEmailChange(EmailChange change)
{
    [EndpointSummary("Confirm the new e-mail address")]
    [EndpointDescription("The address changes and is verified, and the old one gets a notice with a link that undoes it for seven days. Access tokens are stale; sessions go on.")]
    [Tags("E-mail address")]
    [Takes<MailedToken>("""{"token":"avp_…"}""")]
    [Gives<MessageJson>(200, "The address has changed.", AnswerExamples.EmailChanged)]
    [Refuses(400, 409, 413, 415, 422)]
    public Task<IResult> Handle(HttpContext http) => ProofAnswer.Take(
        http, token => change.Confirm(token, ClientCaller.Of(http)), "Your e-mail address has been changed.", Problems.InvalidEmailChangeToken);
}
