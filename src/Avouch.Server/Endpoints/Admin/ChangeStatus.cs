using Avouch.Protocol;
using Avouch.Server.Http;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>POST /api/v1/admin/users/{id}/disable</c>, <c>/enable</c> and <c>/unlock</c>: whether somebody gets in.</summary>
internal sealed class ChangeStatus(UserActs acts)
{
    [EndpointSummary("Disable a user")]
    [EndpointDescription("Ends every session of the user; nobody signs in to the account until it is enabled. Needs `users:write` and a sign-in at most 10 minutes old. Not the last active administrator, and nobody who may do more than oneself.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "The account is disabled.", AdminExamples.Disabled)]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public Task<IResult> Disable(HttpContext http, AccessToken token) => Run(http, id => acts.Disable(token, id), "The account is disabled, and every session has ended.");

    [EndpointSummary("Enable a user")]
    [EndpointDescription("The user may sign in again; sessions that ended stay ended. Needs `users:write` and a sign-in at most 10 minutes old.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "The account is enabled.", AdminExamples.Enabled)]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public Task<IResult> Enable(HttpContext http, AccessToken token) => Run(http, id => acts.Enable(token, id), "The account is enabled.");

    [EndpointSummary("Unlock a user")]
    [EndpointDescription("Ends the lock of an account after too many wrong passwords (AVOUCH_LOCK_AFTER_FAILURES). Needs `users:write` and a sign-in at most 10 minutes old.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "The account is not locked, whether it was or not.", AdminExamples.Unlocked)]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public Task<IResult> Unlock(HttpContext http, AccessToken token) => Run(http, id => acts.Unlock(token, id), "The account is not locked any more.");

    private static async Task<IResult> Run(HttpContext http, Func<Guid, Task<Problem?>> act, string done)
    {
        if (PathId.Find(http) is not { } id) return Problems.NotFound;
        return await act(id) is { } refusal ? refusal : MessageJson.Result(done);
    }
}
