using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>GET /api/v1/users/{id}</c>: oneself, or anybody for whoever may see users. For others, somebody else is not there.</summary>
internal sealed class GetUser(Guard guard, UserAccounts users)
{
    [EndpointSummary("Show a user")]
    [EndpointDescription("Oneself, or anybody with `users:read`. Without it somebody else's id answers like a missing one.")]
    [Tags("Users")]
    [Gives<UserJson>(200, "The user.", AnswerExamples.User)]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id) return Problems.NotFound;
        if (id != token.Subject && !guard.Can(token, Permission.UsersRead)) return Problems.NotFound;
        return await users.Find(id) is { } user ? UserAnswer.Of(http, user) : Problems.NotFound;
    }
}
