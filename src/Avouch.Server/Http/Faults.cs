using Avouch.Server.Data;

namespace Avouch.Server.Http;

/// <summary>
/// The outermost step of each request: what nobody else answered becomes a problem document, what nobody caught becomes a 500 with a log entry, and
/// neither tells the client anything about the inside. A person at a browser gets a page that says the same.
/// </summary>
internal sealed partial class Faults(RequestDelegate next, PageOfProblem page, IHostApplicationLifetime host, ILogger<Faults> logger)
{
    public Task Invoke(HttpContext http)
    {
        var work = next(http);
        return work.IsCompletedSuccessfully && http.Response.StatusCode < 400 ? Task.CompletedTask : Finish(http, work);
    }

    private async Task Finish(HttpContext http, Task work)
    {
        try
        {
            await work;
        }
        catch (BadHttpRequestException error)
        {
            await Answer(http, RequestBody.Of(error));
            return;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || host.ApplicationStopping.IsCancellationRequested)
        {
            http.Abort();   // nobody is there to be answered, or the rest of the request did not come before the server stopped
            return;
        }
        catch (Exception error)
        {
            Fail(http, error);
            await Answer(http, error is DatabaseException { Fault: DatabaseFault.Storage } ? Problems.StorageFault : Problems.ServerFault);
            return;
        }
        if (http.Response.HasStarted || http.Response.ContentLength is not null || http.Response.ContentType is not null) return;
        if (http.Response.StatusCode == 404) await Write(http, Problems.NotFound);
        if (http.Response.StatusCode == 405) await Write(http, Problems.MethodNotAllowed);
    }

    private async Task Answer(HttpContext http, Problem problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();   // half an answer must not look like a whole one
            return;
        }
        SecurityHeaders.Clear(http);
        await Write(http, problem);
    }

    private async Task Write(HttpContext http, Problem problem)
    {
        var result = BrowserRequest.IsOfPerson(http) ? await TryPage(http, problem) ?? problem : problem;
        await result.ExecuteAsync(http);
    }

    /// <summary>Nothing where the page itself cannot be made: then the problem document is what is left.</summary>
    private async Task<IResult?> TryPage(HttpContext http, Problem problem)
    {
        try
        {
            return await page(http, problem);
        }
        catch (Exception error)
        {
            Fail(http, error);
            return null;
        }
    }

    private void Fail(HttpContext http, Exception error) =>
        Log.Failed(logger, error, $"r-{http.TraceIdentifier}", http.Request.Method, RefusalLog.Route(http), TraceParent.FindTraceId(http));

    private static partial class Log
    {
        [LoggerMessage(EventName = "request.failed", Level = LogLevel.Error, Message = "Failed {Reason}: {Method} {Route} trace={TraceId}")]
        public static partial void Failed(ILogger logger, Exception error, string reason, string method, string route, string? traceId);
    }
}
