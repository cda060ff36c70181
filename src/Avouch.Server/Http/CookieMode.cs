using Avouch.Protocol;
using Avouch.Server.Keys;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;

namespace Avouch.Server.Http;

/// <summary>
/// Sessions of browsers: the refresh token lies in a cookie that no script reads and that no other site can have sent. Every request that uses it
/// carries a header of ours, which makes other origins ask first (CORS), and comes from an origin that we know.
/// </summary>
internal sealed class CookieMode(Installation installation, HttpSettings settings, RefreshKeys keys)
{
    /// <summary>The prefix binds it to this very host, over a secure connection, for all paths (RFC 6265bis §4.1.3).</summary>
    public const string RefreshCookie = "__Host-avouch-refresh";

    public const string DeviceCookie = "__Host-avouch-device";

    public const string Header = "Avouch-Csrf";

    private readonly string ownOrigin = new Uri(installation.Issuer).GetLeftPart(UriPartial.Authority);

    public static string? TokenOf(HttpContext http) => CookieField.Find(http, RefreshCookie) is { Length: > 0 } token ? token : null;

    /// <summary>The session of the cookie, if it is one of ours.</summary>
    public Guid? SessionOf(HttpContext http) => RefreshToken.TryVerify(TokenOf(http), keys, out var token) ? token.SessionId : null;

    /// <summary>Why a request may not use a cookie, if it may not.</summary>
    public Problem? Refuse(HttpContext http)
    {
        if (http.Request.Headers[Header] is not ["1"]) return Problems.CsrfHeaderMissing;
        return IsFromElsewhere(http.Request.Headers) ? Problems.CrossSite : null;
    }

    public static void Keep(HttpContext http, TokenAnswer tokens, string? device, TimeSpan deviceLifetime)
    {
        http.Response.Cookies.Append(RefreshCookie, tokens.RefreshToken, Options(TimeSpan.FromSeconds(tokens.RefreshExpiresIn)));
        if (device is not null) KeepDevice(http, device, deviceLifetime);
    }

    public static void KeepDevice(HttpContext http, string device, TimeSpan lifetime) => http.Response.Cookies.Append(DeviceCookie, device, Options(lifetime));

    /// <summary>The device stays known: only the session is over.</summary>
    public static void Clear(HttpContext http) => http.Response.Cookies.Append(RefreshCookie, "", Options(TimeSpan.Zero));

    /// <summary>Browsers say where a request comes from (Fetch Metadata, and Origin with every POST); what is no browser says nothing.</summary>
    private bool IsFromElsewhere(IHeaderDictionary headers)
    {
        var site = headers["Sec-Fetch-Site"].ToString();
        if (site is "same-origin") return false;
        var origin = headers.Origin.ToString();
        return (site.Length > 0 || origin.Length > 0) && origin != ownOrigin && !settings.AllowedOrigins.Contains(origin);
    }

    private static CookieOptions Options(TimeSpan life) => new() { MaxAge = life, Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict };
}
