using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>GET /api/v1/users/{id}</c>: oneself, or anybody for whoever may see users. For others, somebody else is not there.</summary>
internal sealed class GetUser(Guard guard, UserAccounts users, AccessSettings settings)
{
    [EndpointSummary("Show a user")]
    [EndpointDescription("Oneself, or anybody with `users:read`. Without it somebody else's id answers like a missing one; with `AVOUCH_MEMBERS_SEE_NAMES` it shows `id`, `username` and `full_name` of an active user.")]
    [Tags("Users")]
    [Gives<UserJson>(200, "The user.", AnswerExamples.User)]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id) return Problems.NotFound;
        var seesAll = id == token.Subject || guard.Can(token, Permission.UsersRead);
        if (!seesAll && !settings.MembersSeeNames) return guard.RefuseNarrow(token, Permission.UsersRead) ?? Problems.NotFound;
        if (await users.Find(id) is not { } user || !(seesAll || user.IsActive)) return Problems.NotFound;
        return seesAll ? UserAnswer.Of(http, user) : UserAnswer.NameOf(http, user);
    }
}
