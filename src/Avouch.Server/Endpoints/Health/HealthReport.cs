using System.Text.Json.Serialization;
using Avouch.Server.Health;
using Avouch.Server.Http;

namespace Avouch.Server.Endpoints.Health;

/// <summary>
/// <c>/health</c> and its kin: whether this process lives, whether it can serve, and what is wrong if it cannot. Everybody sees states and plain reasons;
/// figures are for whoever runs the server (<see cref="OperatorAccess"/>).
/// </summary>
internal sealed class HealthReport(HealthWatch watch, OperatorAccess access)
{
    /// <param name="Detail">For operators only.</param>
    internal sealed record Check(
        string Status, string? Reason, double? Milliseconds, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);

    internal sealed record Answer(string Status, string Version, IReadOnlyDictionary<string, Check> Checks);

    [EndpointSummary("Health")]
    [EndpointDescription("200 when this server can serve, also when something is `degraded`; 503 with the reason when it cannot. Whoever may read `/metrics` sees figures too, as `detail`.")]
    [Tags("Health")]
    [Gives<Answer>(200, "All is well, or well enough.", AnswerExamples.Healthy)]
    [Gives<Answer>(503, "What is wrong.", AnswerExamples.Unhealthy)]
    public async Task<IResult> Ready(HttpContext http)
    {
        var findings = await watch.LookAtAll();
        var worst = findings.Max(static finding => finding.State.Level);
        var isOperator = access.Has(http);
        http.Response.Headers.CacheControl = "no-store";
        var answer = new Answer(Word(worst), Product.Version, findings.ToDictionary(static finding => finding.Name, finding => ToCheck(finding, isOperator)));
        return Results.Json(answer, ApiJson.Default.HealthReportAnswer, statusCode: worst == HealthLevel.Unhealthy ? 503 : 200);
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

    private static Check ToCheck(HealthFinding finding, bool isOperator) => new(
        Word(finding.State.Level),
        finding.State.Reason,
        finding.State.Level == HealthLevel.Unhealthy ? null : Math.Round(finding.Took.TotalMilliseconds, 3),
        isOperator ? finding.State.Detail : null);

    private static string Word(HealthLevel level) => level switch
    {
        HealthLevel.Healthy => "healthy",
        HealthLevel.Degraded => "degraded",
        _ => "unhealthy",
    };
}
