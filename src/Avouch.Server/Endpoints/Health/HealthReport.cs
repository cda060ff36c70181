using Avouch.Server.Data;
using Avouch.Server.Http;

namespace Avouch.Server.Endpoints.Health;

/// <summary><c>/health</c> and its kin: whether this process lives, whether it can serve, and what is wrong if it cannot.</summary>
internal sealed class HealthReport(Database database, TimeProvider time)
{
    internal sealed record Check(string Status, string? Reason, double? Milliseconds);

    internal sealed record Answer(string Status, string Version, IReadOnlyDictionary<string, Check> Checks);

    [EndpointSummary("Health")]
    [EndpointDescription("200 when this server can serve, 503 with the reason when it cannot.")]
    [Tags("Health")]
    [Gives<Answer>(200, "All is well.", AnswerExamples.Healthy)]
    [Gives<Answer>(503, "What is wrong.", AnswerExamples.Unhealthy)]
    public async Task<IResult> Ready(HttpContext http)
    {
        var check = await CheckDatabase();
        var isHealthy = check.Reason is null;
        http.Response.Headers.CacheControl = "no-store";
        var answer = new Answer(isHealthy ? "healthy" : "unhealthy", Product.Version, new Dictionary<string, Check> { ["database"] = check });
        return Results.Json(answer, ApiJson.Default.HealthReportAnswer, statusCode: isHealthy ? 200 : 503);
    }

    [EndpointSummary("Liveness")]
    [EndpointDescription("200 as long as the process answers at all; looks at nothing else.")]
    [Tags("Health")]
    [Gives<Answer>(200, "It lives.", AnswerExamples.Alive)]
    public static Task<IResult> Live(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Task.FromResult(Results.Json(new Answer("healthy", Product.Version, new Dictionary<string, Check>()), ApiJson.Default.HealthReportAnswer));
    }

    [EndpointSummary("Ping")]
    [EndpointDescription("Answers `pong`.")]
    [Tags("Health")]
    [Gives(200, "pong", "text/plain")]
    public static Task<IResult> Ping(HttpContext http) => Task.FromResult(Results.Text("pong"));

    private async Task<Check> CheckDatabase()
    {
        var begin = time.GetTimestamp();
        try
        {
            await database.Check();
            return new Check("healthy", null, Math.Round(time.GetElapsedTime(begin).TotalMilliseconds, 3));
        }
        catch (DatabaseException error) when (error.Fault is DatabaseFault.Storage)
        {
            return new Check("unhealthy", "Nothing can be stored; the log says why.", null);
        }
        catch (Exception error) when (error is DatabaseException or ObjectDisposedException)
        {
            return new Check("unhealthy", "The database does not answer; the log says why.", null);
        }
    }
}
