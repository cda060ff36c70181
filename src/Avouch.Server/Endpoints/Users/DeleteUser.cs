using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>DELETE /api/v1/users/{id}</c>: somebody's account, for good.</summary>
internal sealed class DeleteUser(Guard guard, UserAccounts users, UserChanges changes, JournalErasure erasure)
{
    [EndpointSummary("Delete a user")]
    [EndpointDescription("Deletes the account and its sessions for good; the journal keeps the fact without the person's data. Needs `users:write` and a sign-in at most 10 minutes old. Not oneself (`DELETE /api/v1/users/me` asks for the password), not the last active administrator, and nobody who may do more than oneself.")]
    [Tags("Users")]
    [Gives(204, "It is deleted.")]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id || await users.Find(id) is not { } user) return Problems.NotFound;
        if (id == token.Subject) return Problems.DeleteOwnAccount;
        if (guard.RefuseBeyond(token, user.Roles) is { } beyond) return beyond;
        switch (await changes.Delete(id, guard.ActorOf(token), keepsAnAdmin: true))
        {
            case UserChange.NoSuchUser: return Problems.NotFound;
            case UserChange.Outranked: return Problems.Outranked;
            case UserChange.LastAdmin: return Problems.LastAdmin;
            default:
                await erasure.Run(CancellationToken.None);
                return Results.NoContent();
        }
    }
}
