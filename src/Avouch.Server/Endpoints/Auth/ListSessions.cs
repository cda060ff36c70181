using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>GET /api/v1/auth/sessions</c>: the devices on which the user is signed in.</summary>
internal sealed class ListSessions(UserSessions sessions)
{
    /// <param name="LastUsedAt">The last refresh: a check of an access token leaves no trace, on purpose.</param>
    /// <param name="Current">Whether this very request comes from it.</param>
    internal sealed record Item(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, string? Address, string? Agent, bool Current);

    internal sealed record Answer(IReadOnlyList<Item> Sessions);

    [EndpointSummary("My devices")]
    [EndpointDescription("The sessions of the signed-in user that are alive, the newest first.")]
    [Tags("Sessions")]
    [Gives<Answer>(200, "The sessions.", AnswerExamples.Sessions)]
    [Refuses(401, 403)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var alive = await sessions.List(token.Subject);
        var items = alive.Select(session => new Item(
            session.Id, session.CreatedAt, session.RotatedAt, session.IdleUntil < session.ExpiresAt ? session.IdleUntil : session.ExpiresAt,
            session.Address, session.Agent, session.Id == token.SessionId));
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new Answer([.. items]), ApiJson.Default.ListSessionsAnswer);
    }
}
