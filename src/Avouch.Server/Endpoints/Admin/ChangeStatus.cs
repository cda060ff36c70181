using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>POST /api/v1/admin/users/{id}/disable</c>, <c>/enable</c> and <c>/unlock</c>: whether somebody gets in.</summary>
internal sealed class ChangeStatus(Guard guard, UserAccounts users, UserChanges changes)
{
    [EndpointSummary("Disable a user")]
    [EndpointDescription("Ends every session of the user; nobody signs in to the account until it is enabled. Needs `users:write` and a sign-in at most 10 minutes old. Not the last active administrator, and nobody who may do more than oneself.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "The account is disabled.", AdminExamples.Disabled)]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public Task<IResult> Disable(HttpContext http, AccessToken token) => Change(http, token, isActive: false, "The account is disabled, and every session has ended.");

    [EndpointSummary("Enable a user")]
    [EndpointDescription("The user may sign in again; sessions that ended stay ended. Needs `users:write` and a sign-in at most 10 minutes old.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "The account is enabled.", AdminExamples.Enabled)]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public Task<IResult> Enable(HttpContext http, AccessToken token) => Change(http, token, isActive: true, "The account is enabled.");

    [EndpointSummary("Unlock a user")]
    [EndpointDescription("Ends the lock of an account after too many wrong passwords (AVOUCH_LOCK_AFTER_FAILURES). Needs `users:write` and a sign-in at most 10 minutes old.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "The account is not locked, whether it was or not.", AdminExamples.Unlocked)]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> Unlock(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id || await users.Find(id) is not { } user) return Problems.NotFound;
        if (guard.RefuseBeyond(token, user.Roles) is { } beyond) return beyond;
        return Describe(await changes.Unlock(id, guard.ActorOf(token)), "The account is not locked any more.");
    }

    /// <summary>What is so already is no fault, and leaves no row.</summary>
    private async Task<IResult> Change(HttpContext http, AccessToken token, bool isActive, string done)
    {
        if (PathId.Find(http) is not { } id || await users.Find(id) is not { } user) return Problems.NotFound;
        if (guard.RefuseBeyond(token, user.Roles) is { } beyond) return beyond;
        if (user.IsActive == isActive) return MessageJson.Result(done);
        var change = isActive ? await changes.Enable(id, guard.ActorOf(token)) : await changes.Disable(id, guard.ActorOf(token), keepsAnAdmin: true);
        return Describe(change, done);
    }

    private static IResult Describe(UserChange change, string done) => change switch
    {
        UserChange.NoSuchUser => Problems.NotFound,
        UserChange.LastAdmin => Problems.LastAdmin,
        UserChange.Outranked => Problems.Outranked,
        _ => MessageJson.Result(done),
    };
}
