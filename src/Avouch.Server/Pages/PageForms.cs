using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Keys;

namespace Avouch.Server.Pages;

/// <summary>
/// Forms that only our own pages can send. A browser says that a form comes from this site itself (Fetch Metadata, or Origin), and the form holds a
/// token that is bound to a cookie of whoever it was given to: each of the two would do (ASVS 3.5.1, 3.5.3).
/// </summary>
internal sealed class PageForms(MasterKeys masterKeys, Installation installation, TimeProvider time)
{
    /// <summary>The hidden field.</summary>
    public const string Field = "form";

    private readonly RefreshKeys keys = masterKeys.ToFormKeys();
    private readonly string ownOrigin = new Uri(installation.Issuer).GetLeftPart(UriPartial.Authority);

    /// <param name="holder">The session or the visitor that the form is for.</param>
    public string Issue(Guid holder) => new FormToken(Guid.CreateVersion7(time.GetUtcNow())).Mint(keys.Current, holder);

    /// <summary>Whether the form was given to one of these.</summary>
    public bool IsOurs(string? text, params ReadOnlySpan<Guid?> holders)
    {
        foreach (var holder in holders)
            if (holder is { } known && FormToken.TryVerify(text, keys, known, out _))
                return true;
        return false;
    }

    /// <summary>
    /// A refusal of what another site sends. Every browser of today says where a request comes from over https and on loopback; an older one says its
    /// origin. Who says neither is no browser, and sends no cookie that a browser keeps for us.
    /// </summary>
    /// <param name="mayBeUnnamed">Whether the form stands on a page that tells nobody where its reader came from, so that some browsers send the origin <c>null</c>.</param>
    public Problem? RefuseForeign(HttpContext http, bool mayBeUnnamed = false)
    {
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        var origin = http.Request.Headers.Origin.ToString();
        if (site.Length > 0) return site == "same-origin" && (origin is "" or "null" || IsHere(origin, http.Request)) ? null : Problems.ForeignForm;
        if (origin == ownOrigin) return null;
        return mayBeUnnamed && origin is "" or "null" ? null : Problems.ForeignForm;
    }

    /// <summary>The issuer's origin, or that of this very request: developers open 127.0.0.1 where the issuer says localhost.</summary>
    private bool IsHere(string origin, HttpRequest request) => origin == ownOrigin || origin == $"{request.Scheme}://{request.Host.Value}";
}
