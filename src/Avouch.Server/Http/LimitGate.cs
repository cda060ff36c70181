using Avouch.Server.Limits;

namespace Avouch.Server.Http;

/// <summary>
/// Holds back a network in front of a handler, before the body is read. What is counted by account or session is taken by the handler, which learns
/// whom it is about: there this only says so for the documents.
/// </summary>
internal sealed class LimitGate(RateLimits limits)
{
    public GuardedHandler Behind(Limit limit, GuardedHandler handler)
    {
        return limit.By == LimitedBy.Network ? handler with { Run = Run } : handler;

        Task Run(HttpContext http)
        {
            if (handler.Precheck(http) is { } refusal) return Refuse(http, handler, refusal);
            var verdict = limits.Take(limit, ClientDevice.Of(http).Network);
            if (!verdict.IsAllowed) return Refuse(http, handler, Problems.TooManyRequests(verdict));
            if (limits.IsEnabled) RateLimitFields.Write(http.Response, verdict);
            return handler.Run(http);
        }
    }

    private static async Task Refuse(HttpContext http, GuardedHandler handler, Problem refusal) =>
        await (await handler.RefusalPage(http, refusal)).ExecuteAsync(http);
}
