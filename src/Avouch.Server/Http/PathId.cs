namespace Avouch.Server.Http;

/// <summary>The id in the path of a request.</summary>
internal static class PathId
{
    /// <summary>Nothing where it is no id: nothing is there, as with one that nobody has.</summary>
    public static Guid? Find(HttpContext http) => Guid.TryParseExact(http.Request.RouteValues["id"] as string, "D", out var id) ? id : null;
}
