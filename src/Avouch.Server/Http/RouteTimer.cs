using System.Diagnostics.Metrics;
using Avouch.Server.Metrics;

namespace Avouch.Server.Http;

/// <summary>
/// Measures how long a route takes. Route and method are those of the code and not of the request, so there are as many series as routes; nothing is
/// allocated where the answer is written at once, as on the hottest routes.
/// </summary>
internal sealed class RouteTimer(string method, string route, RequestDelegate run, ServerMeter meter, TimeProvider time)
{
    private static readonly KeyValuePair<string, object?>[] Classes =
        [.. ((string[])["aborted", "1xx", "2xx", "3xx", "4xx", "5xx"]).Select(word => new KeyValuePair<string, object?>("status", word))];

    private const int Aborted = 0;
    private const int ServerFault = 500;

    private readonly KeyValuePair<string, object?> routeLabel = new("route", route);
    private readonly KeyValuePair<string, object?> methodLabel = new("method", method);
    private readonly Histogram<double> durations = meter.RequestDuration;

    public Task Run(HttpContext http)
    {
        var began = time.GetTimestamp();
        var work = run(http);
        if (!work.IsCompletedSuccessfully) return Finish(http, work, began);
        Record(http.Response.StatusCode, began);
        return work;
    }

    private async Task Finish(HttpContext http, Task work, long began)
    {
        var status = ServerFault;
        try
        {
            await work;
            status = http.Response.StatusCode;
        }
        catch (BadHttpRequestException refused)
        {
            status = refused.StatusCode;
            throw;
        }
        catch (OperationCanceledException)
        {
            status = Aborted;
            throw;
        }
        finally
        {
            Record(status, began);
        }
    }

    private void Record(int status, long began) =>
        durations.Record(time.GetElapsedTime(began).TotalSeconds, routeLabel, methodLabel, Classes[Math.Clamp(status / 100, 0, Classes.Length - 1)]);
}
