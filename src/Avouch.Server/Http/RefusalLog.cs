using Avouch.Server.Logging;

namespace Avouch.Server.Http;

/// <summary>
/// The log line that the reason id of a refusal leads to. Each network gets a few of each code in a minute; what is beyond that is counted, and the
/// count is one line a minute and code. A refusal that a journal row explains has no line at all.
/// </summary>
internal sealed partial class RefusalLog(LineBudget budget, ILogger<RefusalLog> logger)
{
    public void Add(HttpContext http, Problem problem, string reason)
    {
        var device = ClientDevice.Of(http);
        if (!logger.IsEnabled(LogLevel.Information) || !budget.TryTake(problem.Code, device.Network)) return;
        var (route, trace) = (Route(http), TraceParent.FindTraceId(http));
        Log.Refused(logger, reason, problem.Status, problem.Code, http.Request.Method, route, device.Address, problem.Subject, trace);
    }

    /// <summary>Says what was left out: once a minute, and when the server stops.</summary>
    public void Flush()
    {
        foreach (var (code, count) in budget.TakeLeftOut()) Log.RefusedMany(logger, count, code);
    }

    /// <summary>The route as it is written in the code. A path is never logged: what stands in it was chosen by whoever sent it, and may be a secret.</summary>
    public static string Route(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";

    private static partial class Log
    {
        [LoggerMessage(EventName = "request.refused", Level = LogLevel.Information, Message = "Refused {Reason}: {Status} {Code}, {Method} {Route} from {Address} user={UserId} trace={TraceId}")]
        public static partial void Refused(ILogger logger, string reason, int status, string code, string method, string route, string? address, Guid? userId, string? traceId);

        [LoggerMessage(EventName = "request.refused_many", Level = LogLevel.Warning, Message = "Refused {Count} more with {Code}; their lines were left out")]
        public static partial void RefusedMany(ILogger logger, long count, string code);
    }
}
