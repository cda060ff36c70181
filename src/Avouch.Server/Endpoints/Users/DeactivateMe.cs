using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>PUT /api/v1/users/me/deactivate</c>: shuts one's own account; an administrator can open it again.</summary>
internal sealed class DeactivateMe(UserChanges changes)
{
    [EndpointSummary("Deactivate my account")]
    [EndpointDescription("Ends every session; nobody signs in until an administrator enables the account. Needs a sign-in at most 10 minutes old. The last active administrator cannot.")]
    [Tags("Account")]
    [Gives<MessageJson>(200, "It is deactivated.", UserExamples.Deactivated)]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token) => await changes.Disable(token.Subject, keepsAnAdmin: true) switch
    {
        UserChange.LastAdmin => Problems.LastAdmin,
        UserChange.NoSuchUser => Problems.NotFound,
        _ => MessageJson.Result("Your account is deactivated, and every session has ended. An administrator can enable it again."),
    };
}
