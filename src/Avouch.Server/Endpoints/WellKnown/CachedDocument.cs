namespace Avouch.Server.Endpoints.WellKnown;

/// <summary>A public document that may be cached for five minutes and costs a 304 afterwards.</summary>
internal static class CachedDocument
{
    public static IResult Give(HttpContext http, byte[] document, string etag)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        http.Response.Headers.AccessControlAllowOrigin = "*";   // public keys are for everybody's scripts
        return Results.Bytes(document, "application/json", entityTag: Microsoft.Net.Http.Headers.EntityTagHeaderValue.Parse(etag));
    }
}
