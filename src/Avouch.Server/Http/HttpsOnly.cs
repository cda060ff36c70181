using System.Net;
using Avouch.Server.Keys;
using Avouch.Server.Settings;
using Microsoft.AspNetCore.Http.Extensions;

namespace Avouch.Server.Http;

/// <summary>
/// Turns plain HTTP away that is known to have crossed a network: a trusted proxy says so, or it came from another machine although this server has an
/// https address. A page is sent on to the public URL, so that a typed address works. Whatever else is refused: a program that was sent on would
/// work, and give its secrets to the network each time (ASVS 4.1.2).
/// </summary>
internal sealed class HttpsOnly(string publicUrl, bool hasHttps)
{
    public static void Use(WebApplication app, ServerSettings server)
    {
        var issuer = app.Services.GetRequiredService<Installation>().Issuer;
        if (!server.HttpsRedirect || !UrlRules.IsHttps(issuer) || (!server.HasHttps && server.TrustedProxies.Count == 0)) return;
        var only = new HttpsOnly(issuer, server.HasHttps);
        app.Use(next => http => only.Refuse(http) is { } refusal ? refusal.ExecuteAsync(http) : next(http));
    }

    internal IResult? Refuse(HttpContext http)
    {
        if (http.Request.IsHttps || !HasCrossedNetwork(http)) return null;
        if (!IsPage(http.Request)) return Problems.HttpsRequired;
        http.Response.Headers.CacheControl = "no-store";   // a cache on the way must not send people round in circles who came by https
        return Results.Redirect(publicUrl + UriHelper.BuildRelative(http.Request.PathBase, http.Request.Path, http.Request.QueryString), permanent: true, preserveMethod: true);
    }

    /// <summary>A proxy that says nothing may have been asked by https. What comes from this machine itself was on no network: health checks, tools.</summary>
    private bool HasCrossedNetwork(HttpContext http) =>
        http.Features.Get<ProxyWord>() is { } word ? word.Scheme == "http" : hasHttps && http.Connection.RemoteIpAddress is { } peer && !IPAddress.IsLoopback(peer);

    /// <summary>Somebody opens an address in a browser.</summary>
    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Path.StartsWithSegments("/api")
        && request.Headers.Authorization.Count == 0 && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
