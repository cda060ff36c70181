using Avouch.Protocol;
using Avouch.Server.Http;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>POST /api/v1/admin/users/{id}/password/reset</c>: the mail with which somebody sets a new password. Nobody else sees its secret.</summary>
internal sealed class SendPasswordReset(UserActs acts)
{
    [EndpointSummary("Send a password reset")]
    [EndpointDescription("Sends the mail that sets a new password to the stored address; the present password counts until then. Needs `users:recover` and a sign-in at most 10 minutes old. Nobody who may do more than oneself. A disabled account gets none. It counts as a request of the user for such a mail.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "The mail is on its way.", AdminExamples.ResetSent)]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id) return Problems.NotFound;
        return await acts.SendReset(token, id, ClientCaller.Of(http)) is { } refusal ? refusal : MessageJson.Result("A mail to set a new password is on its way.");
    }
}
