using System.Net;

namespace Avouch.Server.Settings;

/// <summary>What addresses may be listened on, and what may be called an issuer.</summary>
internal static class UrlRules
{
    /// <summary>
    /// Tokens over plain HTTP can be read on the way, so in production only a loopback address (a proxy ends TLS), or one that turns plain HTTP away,
    /// is taken without asking.
    /// </summary>
    public static void CheckListening(SettingsReader reader, ServerSettings server, bool allowHttp)
    {
        if (server.Urls.Count == 0) reader.Fault("AVOUCH_URLS", "", "names no address", "Use for example http://localhost:8080.");
        foreach (var url in server.Urls)
            if (FindFault(url, server, allowHttp) is var (reason, remedy)) reader.Fault("AVOUCH_URLS", url, reason, remedy);
        if (server.Tls is not null && server.Urls.Count > 0 && !server.HasHttps)
            reader.Fault("AVOUCH_TLS_CERTIFICATE", server.Tls.CertificateFile, "is not used, since no address of AVOUCH_URLS begins with https", "Listen for example on https://*:443, or leave the certificate out.");
    }

    private static (string Reason, string Remedy)? FindFault(string url, ServerSettings server, bool allowHttp)
    {
        if (!TryParse(url, out var scheme, out var host, out var port))
            return ("is not an address to listen on", "Use for example http://localhost:8080.");
        if (port == 0 && host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return ("asks for any free port of localhost, which is two addresses with a port each", "Use http://127.0.0.1:0, or choose a port.");
        if (scheme == "https")
            return server.Tls is null ? ("needs a certificate", "Set AVOUCH_TLS_CERTIFICATE and AVOUCH_TLS_KEY, or listen on a loopback address over http and let a reverse proxy end TLS.") : null;
        if (server.Environment == DeploymentEnvironment.Production && !allowHttp && !server.RefusesHttp && !IsLoopbackHost(host))
            return ("would send passwords over plain HTTP in production", "Listen on a loopback address behind a proxy that ends TLS, or on an https address, or set AVOUCH_ALLOW_HTTP=true if the network is trusted.");
        return null;
    }

    /// <summary>An issuer is a URL without query, fragment or credentials (RFC 8414 §2); we keep it without a trailing slash.</summary>
    public static string? CheckPublic(SettingsReader reader, string? url)
    {
        if (url is null) return null;
        var isGood = Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri is { Query: "", Fragment: "", UserInfo: "" };
        var shown = url.Contains('@', StringComparison.Ordinal) ? "(hidden, it may hold a password)" : url;
        if (!isGood) reader.Fault("AVOUCH_PUBLIC_URL", shown, "is not an http(s) URL without query, fragment and credentials", "Use for example https://auth.example.com.");
        return url.TrimEnd('/');
    }

    /// <summary>The base of links for an address that is listened on: a wildcard is called by the name that works on this machine.</summary>
    public static string ToPublic(string listening) =>
        listening.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal).TrimEnd('/');

    public static bool IsHttps(string url) => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether nobody from another machine can come there.</summary>
    public static bool IsLoopback(string url) => TryParse(url, out _, out var host, out _) && IsLoopbackHost(host);

    /// <summary>Whether the system chooses the port anew at each start, so that nobody can be told it beforehand.</summary>
    public static bool HasAnyPort(string url) => TryParse(url, out _, out _, out var port) && port == 0;

    private static bool TryParse(string url, out string scheme, out string host, out int port)
    {
        (scheme, host, port) = ("", "", -1);
        try
        {
            var address = BindingAddress.Parse(url);
            (scheme, host, port) = (address.Scheme.ToLowerInvariant(), address.Host, address.Port);
            return scheme is "http" or "https" && address.PathBase.Length == 0 && port is >= 0 and <= 65_535;
        }
        catch (FormatException)
        {
            return false;   // said to the operator by the caller, with the address
        }
    }

    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
