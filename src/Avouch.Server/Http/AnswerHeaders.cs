namespace Avouch.Server.Http;

/// <summary>The headers of every answer, whatever it is. bench/Baseline sends the same, so that the benchmark compares what is done and not what is sent.</summary>
internal static class AnswerHeaders
{
    /// <summary>For answers that are no pages: nothing in them is ever loaded, run or framed.</summary>
    private const string NoContent = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Put(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = NoContent;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
    }
}
