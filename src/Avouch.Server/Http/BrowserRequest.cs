using Microsoft.Net.Http.Headers;

namespace Avouch.Server.Http;

/// <summary>How a problem looks to a person; made by <c>Pages</c>.</summary>
internal delegate Task<IResult> PageOfProblem(HttpContext http, Problem problem);

/// <summary>Whether a person reads the answer: then it is a page. Programs get what they were promised, also one that takes anything (<c>*/*</c>).</summary>
internal static class BrowserRequest
{
    private static readonly string[] ForPrograms = ["/api", "/oauth", "/.well-known", "/health", "/metrics", "/ping", "/revocations", "/openapi.json", "/assets"];

    public static bool IsOfPerson(HttpContext http)
    {
        var isOfPage = http.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { IsOfPage: true };
        var isReading = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        return (isOfPage || isReading) && !Array.Exists(ForPrograms, path => http.Request.Path.StartsWithSegments(path)) && PrefersHtml(http.Request);
    }

    /// <summary>Named by its own name, and no less welcome than JSON (RFC 9110 §12.5.1).</summary>
    private static bool PrefersHtml(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var wanted)) return false;
        var html = QualityOf(wanted, "text/html");
        return html > 0 && html >= Math.Max(QualityOf(wanted, "application/json"), QualityOf(wanted, "application/problem+json"));
    }

    private static double QualityOf(IList<MediaTypeHeaderValue> wanted, string type) =>
        wanted.Where(range => range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
}
