using Avouch.Protocol;
using Avouch.Server.Http;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>DELETE /api/v1/users/{id}</c>: somebody's account, for good.</summary>
internal sealed class DeleteUser(UserActs acts)
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
        if (PathId.Find(http) is not { } id) return Problems.NotFound;
        if (id == token.Subject) return Problems.DeleteOwnAccount;
        return await acts.Delete(token, id) is { } refusal ? refusal : Results.NoContent();
    }
}
