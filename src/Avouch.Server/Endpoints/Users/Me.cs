using System.IO.Pipelines;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary>
/// <c>GET /api/v1/users/me</c>, <c>GET /api/v1/auth/me</c>, <c>GET /api/v1/users/me/status</c>: who is signed in. The hottest route of all: warm, it
/// needs no database and writes bytes that are ready.
/// </summary>
internal sealed class Me(UserCache users)
{
    [EndpointSummary("Who am I")]
    [EndpointDescription("The signed-in user.")]
    [Tags("Account")]
    [Gives<UserJson>(200, "The user.", AnswerExamples.User)]
    [Refuses(401, 403)]
    [TakesAccessToken]
    public Task Handle(HttpContext http, AccessToken token)
    {
        var found = users.Find(token.Subject);
        return found is { IsCompletedSuccessfully: true, Result: { } answer } ? Write(http, answer) : Wait(http, found);
    }

    private static async Task Wait(HttpContext http, ValueTask<byte[]?> finding)
    {
        if (await finding is { } answer) await Write(http, answer);
        else await Problems.NotFound.ExecuteAsync(http);
    }

    private static Task<FlushResult> Write(HttpContext http, byte[] answer)
    {
        var response = http.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = answer.Length;
        response.Headers.CacheControl = "no-store";
        return response.BodyWriter.WriteAsync(answer).AsTask();
    }
}
