using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Avouch.Server.Http;

namespace Avouch.Server.Pages;

/// <summary>
/// A page of ours: plain HTML that needs no script and loads nothing, written to HTTP here. Its address may hold a secret, so it tells nobody where
/// the reader came from and is kept by nothing on the way.
/// </summary>
/// <param name="Body">HTML, with everything encoded that is not ours.</param>
internal sealed record Page(PageTexts Texts, string Title, string Body) : IResult
{
    /// <summary>What is refused with this page; nothing where all is well.</summary>
    public Problem? Refusal { get; init; }

    private const string Style =
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}"
        + "h1{font-size:1.5rem}label{display:block;margin-top:1rem}input,button{font:inherit;padding:.5rem .75rem;margin-top:.5rem;box-sizing:border-box;width:100%}"
        + "button{border:0;border-radius:.25rem;color:#fff;background:#0b57d0;cursor:pointer}[role=alert]{padding:.75rem;border-left:.25rem solid #b3261e;background:#fdecea}"
        + "@media(prefers-color-scheme:dark){body{color:#eee;background:#1b1b1b}[role=alert]{background:#4a1c18}}";

    /// <summary>Nothing is loaded, nothing runs, forms come only to us, and nobody shows this page inside of another.</summary>
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var bytes = Encoding.UTF8.GetBytes(Write());
        Refusal?.WriteFields(httpContext);
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers.ContentLanguage = Texts.Language;
        response.Headers.Vary = "Accept-Language";
        response.Headers["X-Robots-Tag"] = "noindex";
        return HttpMethods.IsHead(httpContext.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(bytes).AsTask();
    }

    private string Write() =>
        $"""
        <!doctype html>
        <html lang="{Texts.Language}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>{Encode(Title)}</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        <h1>{Encode(Title)}</h1>
        {Body}
        </main>
        </body>
        </html>

        """;
}
