using Avouch.Server.Http;
using Avouch.Server.Metrics;

namespace Avouch.Server.Endpoints.Operations;

/// <summary><c>GET /metrics</c>: the figures of this process for Prometheus (docs/metrics.md), for whoever runs the server.</summary>
internal sealed class MetricsPage(MetricStore store, OperatorAccess access)
{
    [EndpointSummary("Metrics")]
    [EndpointDescription("Figures in the text format of Prometheus. For programs on the same machine, or with `AVOUCH_METRICS_TOKEN` as a bearer token; where there is no such token, nobody else finds anything here.")]
    [Tags("Operation")]
    [Gives(200, "The figures.", "text/plain")]
    [Refuses(401, 404)]
    public Task<IResult> Handle(HttpContext http)
    {
        if (!access.Has(http)) return Task.FromResult<IResult>(access.TakesToken ? Problems.MetricsTokenNeeded : Problems.NotFound);
        http.Response.Headers.CacheControl = "no-store";
        return Task.FromResult(Results.Text(store.Write(), PrometheusText.ContentType));
    }
}
