using System.Net;

namespace Avouch.Server.Http;

/// <summary>
/// Whether a program on this very machine talks to us, with nothing between. Behind a proxy on this machine everybody has a loopback address, so a request
/// is direct only if nothing about it tells of a proxy: both ends are loopback, the Host is local (else a web site could ask by DNS rebinding), no proxy
/// has left a header, and the protocol is not HTTP/1.0, which is what a proxy speaks that adds no header at all.
/// </summary>
internal static class DirectRequest
{
    /// <summary>What proxies write, whether we believe it or not.</summary>
    private static readonly string[] TracesOfProxies =
        ["Forwarded", "Via", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-Ip", "X-Varnish", "CDN-Loop", "Client-IP", "X-Amzn-Trace-Id", "X-Cloud-Trace-Context"];

    /// <summary>Beginnings of such names; <c>X-Original-</c> is what the framework leaves of a header that it has used.</summary>
    private static readonly string[] Families =
        ["X-Forwarded", "X-Original-", "X-Real-", "X-ProxyUser-", "X-Envoy-", "X-Azure-", "X-Akamai-", "Akamai-", "X-Amz-Cf-", "X-AppEngine-", "X-ARR-", "CF-", "Fastly-", "Fly-"];

    public static bool Is(HttpContext http) =>
        IsLoopback(http.Connection.RemoteIpAddress) && IsLoopback(http.Connection.LocalIpAddress)
        && IsLocal(http.Request.Host.Host) && !HttpProtocol.IsHttp10(http.Request.Protocol)
        && !http.Request.Headers.Keys.Any(IsTrace);

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsTrace(string header) =>
        TracesOfProxies.Contains(header, StringComparer.OrdinalIgnoreCase) || Families.Any(family => header.StartsWith(family, StringComparison.OrdinalIgnoreCase));
}
