using Avouch.Server.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace Avouch.Server.Http;

/// <summary>
/// Whose address a request has that came through our own proxies (AVOUCH_TRUSTED_PROXIES). Only <c>X-Forwarded-For</c> is read, from its end and as long
/// as the one who wrote an entry is trusted: what a client puts in front never counts. Scheme and host come from no header, since the issuer depends on neither.
/// </summary>
internal static class Forwarding
{
    public static void Use(WebApplication app, ServerSettings settings)
    {
        if (settings.TrustedProxies.Count == 0) return;   // with empty lists the middleware would trust everybody
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in settings.TrustedProxies) options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
