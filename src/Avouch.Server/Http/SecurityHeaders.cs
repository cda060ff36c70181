namespace Avouch.Server.Http;

/// <summary>
/// The headers that every answer has, whatever it is. They are put in before anything else happens, so whoever answers may replace one; a page says
/// its own policy with <see cref="OfPage"/>. The hottest route pays for each of them, so what only matters to pages stands on pages only.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>For answers that are no pages: nothing in them is ever loaded, run or framed.</summary>
    private const string NoContent = "default-src 'none'; frame-ancestors 'none'";

    private const string NoFeatures = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

    public static void Use(IApplicationBuilder app) => app.Use(static next => http =>
    {
        Put(http);
        return next(http);
    });

    /// <summary>Also for whoever has cleared an answer to write another one.</summary>
    public static void Put(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = NoContent;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
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
