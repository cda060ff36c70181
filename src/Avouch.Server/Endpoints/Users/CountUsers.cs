using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>GET /api/v1/users/stats/count</c>: how many there are.</summary>
internal sealed class CountUsers(UserSearch search)
{
    internal sealed record Answer(long Total, long Active, long Verified);

    [EndpointSummary("Count users")]
    [EndpointDescription("How many users there are, how many of them are active, and how many have a verified e-mail address. Needs `users:read`.")]
    [Tags("Users")]
    [Gives<Answer>(200, "The numbers.", UserExamples.Totals)]
    [Refuses(401, 403)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var totals = await search.Count();
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new Answer(totals.Total, totals.Active, totals.Verified), UsersApiJson.Default.CountUsersAnswer);
    }
}
