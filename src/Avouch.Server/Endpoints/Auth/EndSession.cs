using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>DELETE /api/v1/auth/sessions/{id}</c>: ends one of the user's sessions. Somebody else's is not there.</summary>
internal sealed class EndSession(UserSessions sessions)
{
    [EndpointSummary("Sign out a device")]
    [EndpointDescription("Ends one of the signed-in user's sessions. Somebody else's session answers like a missing one.")]
    [Tags("Sessions")]
    [Gives(204, "The session has ended.")]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the session.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (!Guid.TryParseExact(http.Request.RouteValues["id"] as string, "D", out var id)) return Problems.NotFound;
        var hasEnded = await sessions.End(id, token.Subject, EndReason.EndedByUser, ClientDevice.Of(http).Address);
        return hasEnded ? Results.NoContent() : Problems.NotFound;
    }
}
