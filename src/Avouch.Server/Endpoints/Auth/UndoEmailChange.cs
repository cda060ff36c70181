using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/email/change/undo</c>: the secret from the notice to the old address.</summary>
internal sealed class UndoEmailChange(EmailUndo undo)
{
    [EndpointSummary("Undo a change of the e-mail address")]
    [EndpointDescription("For the owner of the old address. It comes back, every session ends, the password counts no more, and a link to set a new one goes to the restored address. Where the account is disabled, the answer is 403 and the token stays good until an administrator has enabled it.")]
    [Tags("E-mail address")]
    [Takes<MailedToken>("""{"token":"avp_…"}""")]
    [Gives<MessageJson>(200, "The change is undone.", AnswerExamples.EmailChangeUndone)]
    [Refuses(400, 403, 409, 413, 415, 422)]
    public Task<IResult> Handle(HttpContext http) => ProofAnswer.Take(
        http, token => undo.Run(token, ClientCaller.Of(http)), "Your e-mail address is back and everybody is signed out. A link to set a new password is on its way.", Problems.InvalidUndoToken);
}
