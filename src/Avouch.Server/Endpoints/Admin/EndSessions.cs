using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Admin;

/// <summary>
/// <c>POST /api/v1/admin/users/{id}/sessions/end</c> for one, <c>POST /api/v1/admin/sessions/end</c> for everybody (ASVS 7.4.5). When it is answered,
/// every access token of those sessions is refused.
/// </summary>
internal sealed class EndSessions(UserActs acts, UserSessions sessions)
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
        if (PathId.Find(http) is not { } id) return Problems.NotFound;
        var (count, refusal) = await acts.EndSessions(token, id);
        return refusal is null ? Describe(count) : refusal;
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
