using System.Text;
using Avouch.Server.Http;

namespace Avouch.Server.Pages;

/// <summary>A page of ours as it is written to HTTP.</summary>
internal sealed record RenderedPage(string Html, string Language) : IResult
{
    /// <summary>Only what comes from here: no script or style in the page itself, no frame, nothing of anybody else. Pictures may stand in the page.</summary>
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>What is refused with this page; nothing where all is well.</summary>
    public Problem? Refusal { get; init; }

    /// <summary>Whether its address holds a secret.</summary>
    public bool KeepsQuerySecret { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var bytes = Encoding.UTF8.GetBytes(Html);
        Refusal?.WriteFields(httpContext);
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = bytes.Length;
        SecurityHeaders.OfPage(response, Policy);
        response.Headers["Referrer-Policy"] = KeepsQuerySecret ? "no-referrer" : "same-origin";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentLanguage = Language;
        response.Headers.Vary = "Accept-Language, Cookie";
        response.Headers["X-Robots-Tag"] = "noindex";
        return HttpMethods.IsHead(httpContext.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(bytes).AsTask();
    }
}

/// <summary>On to another page of ours, by GET (RFC 9110 §15.4.4).</summary>
internal sealed record PageRedirect(string Target) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = Target;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
