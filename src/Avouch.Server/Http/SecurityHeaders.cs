using System.Globalization;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Http;

/// <summary>
/// The headers that every answer has, whatever it is. They are put in before anything else happens, so whoever answers may replace one; a page says
/// its own policy with <see cref="OfPage"/>. The hottest route pays for each of them, so what only matters to pages stands on pages only.
/// </summary>
internal static class SecurityHeaders
{
    private const string NoFeatures = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

    public static void Use(WebApplication app, HttpSettings settings)
    {
        app.Use(static next => http =>
        {
            AnswerHeaders.Put(http.Response.Headers);
            return next(http);
        });
        var issuer = new Uri(app.Services.GetRequiredService<Installation>().Issuer);
        if (issuer.Scheme == Uri.UriSchemeHttps && !issuer.IsLoopback && settings.Hsts.MaxAge > TimeSpan.Zero) UseHsts(app, settings.Hsts);
    }

    /// <summary>Only by https, as RFC 6797 §7.2 asks; never for a loopback name, which is every other server of the machine too.</summary>
    private static void UseHsts(WebApplication app, HstsSettings settings)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"max-age={(long)settings.MaxAge.TotalSeconds}{(settings.IncludesSubdomains ? "; includeSubDomains" : "")}");
        app.Use(next => http =>
        {
            if (http.Request.IsHttps) http.Response.Headers.StrictTransportSecurity = value;
            return next(http);
        });
    }

    /// <summary>Takes back what was said so far, but not what every answer has.</summary>
    public static void Clear(HttpContext http)
    {
        var hsts = http.Response.Headers.StrictTransportSecurity;
        http.Response.Clear();
        AnswerHeaders.Put(http.Response.Headers);
        if (hsts.Count > 0) http.Response.Headers.StrictTransportSecurity = hsts;
    }

    /// <summary>The answer is a page for people.</summary>
    /// <param name="policy">Its Content-Security-Policy, which has to begin with <c>default-src 'none'</c> and to forbid frames.</param>
    public static void OfPage(HttpResponse response, string policy)
    {
        response.Headers.ContentSecurityPolicy = policy;
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Permissions-Policy"] = NoFeatures;
    }
}
