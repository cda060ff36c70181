using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Keys;

namespace Avouch.Server.Pages;

/// <summary>
/// The two cookies of our pages. Both are bound to this very host (<c>__Host-</c>, RFC 6265bis §4.1.3.2), read by no script, and sent when somebody
/// comes by a link from elsewhere, but with no form that another site sends.
/// </summary>
internal sealed class PageCookies(MasterKeys masterKeys, TimeProvider time)
{
    /// <summary>Who is signed in.</summary>
    public const string Session = "__Host-avouch-session";

    /// <summary>Who is not: a random number that forms are bound to until then.</summary>
    public const string Visitor = "__Host-avouch-visitor";

    private const int VisitorLength = 32;   // a Guid in hex

    private readonly RefreshKeys keys = masterKeys.ToPageKeys();

    /// <summary>The session of the cookie, if it is one of ours; whether it is alive says its row.</summary>
    public Guid? FindSession(HttpContext http) => PageToken.TryVerify(CookieField.Find(http, Session), keys, out var token) ? token.SessionId : null;

    public void KeepSession(HttpContext http, Guid session, DateTimeOffset until) => PutSession(http, new PageToken(session).Mint(keys.Current), until - time.GetUtcNow());

    public static void ClearSession(HttpContext http) => PutSession(http, "", TimeSpan.Zero);

    public static Guid? FindVisitor(HttpContext http) =>
        CookieField.Find(http, Visitor) is { Length: VisitorLength } text && Guid.TryParseExact(text, "N", out var visitor) ? visitor : null;

    /// <summary>A new one, until the browser closes.</summary>
    public static Guid AddVisitor(HttpContext http)
    {
        var visitor = new Guid(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        http.Response.Cookies.Append(Visitor, visitor.ToString("N"), Options(null));
        return visitor;
    }

    /// <summary>Once in an answer: whoever came with a dead session and signs in loses the one and gets the other.</summary>
    private static void PutSession(HttpContext http, string value, TimeSpan life)
    {
        var others = http.Response.Headers.SetCookie.Where(cookie => cookie is null || !cookie.StartsWith(Session + "=", StringComparison.Ordinal));
        http.Response.Headers.SetCookie = others.ToArray();
        http.Response.Cookies.Append(Session, value, Options(life));
    }

    private static CookieOptions Options(TimeSpan? life) => new() { MaxAge = life, Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax };
}
