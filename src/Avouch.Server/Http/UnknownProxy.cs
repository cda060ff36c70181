namespace Avouch.Server.Http;

/// <summary>
/// Tells once that a proxy seems to stand in front which the settings do not name: then everybody has its address, and all share one limit. A client may
/// write such a header itself, so nothing but a line of the log comes of it.
/// </summary>
internal sealed partial class UnknownProxy(ILogger<UnknownProxy> logger)
{
    private int hasTold;

    public void Look(HttpContext http)
    {
        if (Volatile.Read(ref hasTold) != 0 || !IsForwarded(http.Request.Headers) || Interlocked.Exchange(ref hasTold, 1) != 0) return;
        Log.Found(logger, http.Connection.RemoteIpAddress?.ToString() ?? "");
    }

    private static bool IsForwarded(IHeaderDictionary headers) => headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded");

    private static partial class Log
    {
        [LoggerMessage(EventName = "proxy.not_trusted", Level = LogLevel.Warning, Message = "A request from {Address} says for whom it was forwarded, and AVOUCH_TRUSTED_PROXIES does not name that address. If it is your proxy, set AVOUCH_TRUSTED_PROXIES to it: until then everybody behind it shares one rate limit. This is said once.")]
        public static partial void Found(ILogger logger, string address);
    }
}
