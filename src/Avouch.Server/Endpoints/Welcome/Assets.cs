using Avouch.Server.Http;
using Avouch.Server.Pages;

namespace Avouch.Server.Endpoints.Welcome;

/// <summary><c>GET /assets/{name}</c>: what pages load.</summary>
internal sealed class Assets(PageAssets assets)
{
    [ExcludeFromDescription]
    public Task<IResult> Handle(HttpContext http) => Task.FromResult(Find(http));

    private IResult Find(HttpContext http)
    {
        if (assets.Find((string)http.Request.RouteValues["name"]!) is not { } asset) return Problems.NotFound;
        http.Response.Headers.CacheControl = http.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers.Vary = "Accept-Encoding";
        var isCompressed = http.Request.Headers.AcceptEncoding.ToString().Split(',', StringSplitOptions.TrimEntries).Any(coding => coding is "br");
        if (isCompressed) http.Response.Headers.ContentEncoding = "br";
        http.Response.Headers.ETag = isCompressed ? $"\"{asset.Version}-br\"" : $"\"{asset.Version}\"";   // other bytes, another tag (RFC 9110 §8.8.3)
        return Results.Bytes(isCompressed ? asset.Compressed : asset.Content, asset.Type);
    }
}
