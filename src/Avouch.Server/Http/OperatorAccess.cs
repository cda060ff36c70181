using System.Net;
using System.Security.Cryptography;
using System.Text;
using Avouch.Protocol;
using Avouch.Server.Settings;

namespace Avouch.Server.Http;

/// <summary>
/// Whether whoever asks runs this server: by the token of <c>AVOUCH_METRICS_TOKEN</c>, or from a program on the same machine that talks to us directly.
/// Behind a proxy on this machine everybody has a loopback address, so a request counts as direct only if nothing about it tells of a proxy.
/// </summary>
internal sealed class OperatorAccess(MetricsSettings settings)
{
    /// <summary>What proxies write, whether we believe it or not; the last one is what the framework leaves of a header that it has used.</summary>
    private static readonly string[] ProxyHeaders =
        ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Server", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Original-For"];

    private readonly byte[]? expected = settings.Token is { } token ? Digest(token) : null;

    /// <summary>Whether a token could open what is closed to this request.</summary>
    public bool TakesToken => settings.Door != OperatorDoor.Closed && expected is not null;

    public bool Has(HttpContext http) =>
        settings.Door != OperatorDoor.Closed && (HasToken(http) || (settings.Door == OperatorDoor.Local && IsDirect(http)));

    /// <summary>Digests are compared, so that neither content nor length of the token shows in the time that it takes.</summary>
    private bool HasToken(HttpContext http) =>
        expected is not null && http.Request.Headers.Authorization is [{ } header] && BearerToken.TryRead(header, out var sent)
        && CryptographicOperations.FixedTimeEquals(Digest(sent.ToString()), expected);

    /// <summary>
    /// A name of this machine in <c>Host</c> keeps out pages that a browser here shows (a foreign name that leads to 127.0.0.1), and HTTP/1.0 is what
    /// a proxy speaks that adds no header at all.
    /// </summary>
    private static bool IsDirect(HttpContext http) =>
        http.Connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local } && IPAddress.IsLoopback(remote) && IPAddress.IsLoopback(local)
        && IsLocalName(http.Request.Host.Host) && http.Request.Protocol != HttpProtocol.Http10
        && !Array.Exists(ProxyHeaders, http.Request.Headers.ContainsKey);

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
