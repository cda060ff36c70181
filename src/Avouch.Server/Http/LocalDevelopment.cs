using System.Net;
using Avouch.Server.Settings;

namespace Avouch.Server.Http;

/// <summary>
/// What only a developer at this very machine may see: mail in the browser, secrets in answers. All of it must hold: the environment is development,
/// both ends of the connection are loopback, the Host is local (else a web site could ask by DNS rebinding), and nothing says that a proxy handed the
/// request on.
/// </summary>
internal static class LocalDevelopment
{
    private static readonly string[] TracesOfProxies = ["Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP"];

    private static readonly string[] Families = ["X-Forwarded-", "X-Original-"];

    public static bool Is(HttpContext http, ServerSettings settings) =>
        settings.Environment == DeploymentEnvironment.Development
        && IsLoopback(http.Connection.RemoteIpAddress) && IsLoopback(http.Connection.LocalIpAddress)
        && IsLocal(http.Request.Host.Host)
        && !http.Request.Headers.Keys.Any(IsTrace);

    private static bool IsLoopback(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);

    private static bool IsLocal(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsTrace(string header) =>
        TracesOfProxies.Contains(header, StringComparer.OrdinalIgnoreCase) || Families.Any(family => header.StartsWith(family, StringComparison.OrdinalIgnoreCase));
}
