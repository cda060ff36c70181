using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Admin;

/// <summary>
/// <c>POST /api/v1/admin/users/{id}/sessions/end</c> for one, <c>POST /api/v1/admin/sessions/end</c> for everybody (ASVS 7.4.5). When it is answered,
/// every access token of those sessions is refused.
/// </summary>
internal sealed class EndSessions(Guard guard, UserAccounts users, UserSessions sessions)
{
    [EndpointSummary("Sign a user out")]
    [EndpointDescription("Ends every session of the user. Needs `sessions:write` and a sign-in at most 10 minutes old. Nobody who may do more than oneself.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "How many have ended.", AdminExamples.SessionsEnded)]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> OfUser(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id || await users.Find(id) is not { } user) return Problems.NotFound;
        if (guard.RefuseBeyond(token, user.Roles) is { } beyond) return beyond;
        return await sessions.EndAll(id, EndReason.EndedByAdmin, guard.ActorOf(token)) switch
        {
            { Change: UserChange.NoSuchUser } => Problems.NotFound,
            { Change: UserChange.Outranked } => Problems.Outranked,
            var ended => Describe(ended.Count),
        };
    }

    [EndpointSummary("Sign everybody out")]
    [EndpointDescription("Ends every session of everybody, the caller's own included, and refuses every access token that was issued until then. Needs the role `admin` and a sign-in at most 10 minutes old.")]
    [Tags("Users")]
    [Gives<MessageJson>(200, "How many have ended.", AdminExamples.SessionsEnded)]
    [Refuses(401, 403)]
    [TakesAccessToken]
    public async Task<IResult> OfEverybody(HttpContext http, AccessToken token) => Describe(await sessions.EndAllOfEverybody(token.Subject));

    private static IResult Describe(int count) => MessageJson.Result(count == 1 ? "1 session has ended." : $"{count} sessions have ended.");
}
