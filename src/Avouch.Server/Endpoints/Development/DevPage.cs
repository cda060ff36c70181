using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Avouch.Server.Endpoints.Development;

/// <summary>The frame of the pages for developers. They show what strangers typed, so nothing in them may run or load.</summary>
internal static partial class DevPage
{
    private const string Style =
        """
        :root { color-scheme: light dark; }
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        ul { list-style: none; padding: 0; }
        li { display: grid; grid-template-columns: 2fr 1fr 1fr; gap: 1rem; padding: .6rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
        li span, dt, .none { opacity: .7; overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
        iframe { width: 100%; height: 44rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 8px; background: Canvas; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 8px; }
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>A mail brings its own style. Its links open beside it; nothing else works.</summary>
    private const string MailPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    public static IResult Give(HttpContext http, string title, string body)
    {
        Protect(http, Policy);
        return Results.Content($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{HtmlEncoder.Default.Encode(title)}</title><style>{Style}</style></head><body>{body}</body></html>", "text/html; charset=utf-8");
    }

    public static IResult GiveMail(HttpContext http, string html)
    {
        Protect(http, MailPolicy);
        return Results.Content(html.Replace("<head>", "<head><base target=\"_blank\">", StringComparison.OrdinalIgnoreCase), "text/html; charset=utf-8");
    }

    /// <summary>A text whose links can be opened.</summary>
    public static string Linked(string text)
    {
        var linked = new StringBuilder();
        var from = 0;
        foreach (var match in Link().EnumerateMatches(text))
        {
            var link = HtmlEncoder.Default.Encode(text.Substring(match.Index, match.Length));
            linked.Append(HtmlEncoder.Default.Encode(text[from..match.Index])).Append(System.Globalization.CultureInfo.InvariantCulture, $"<a href=\"{link}\" target=\"_blank\" rel=\"noreferrer\">{link}</a>");
            from = match.Index + match.Length;
        }
        return linked.Append(HtmlEncoder.Default.Encode(text[from..])).ToString();
    }

    private static void Protect(HttpContext http, string policy)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";   // the links hold secrets
    }

    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex Link();
}
