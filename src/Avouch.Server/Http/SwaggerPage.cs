using Avouch.Server.Settings;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Avouch.Server.Http;

/// <summary>
/// Swagger UI at <c>/docs</c>, whose Authorize button signs in at our form login. It does not remember who is authorised: it would write the
/// password and the tokens into the browser's local storage.
/// </summary>
internal static class SwaggerPage
{
    public const string Path = "/docs";

    /// <summary>Of the only inline style that it has, the colours of the logo.</summary>
    private const string LogoStyle = "sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w=";

    /// <summary>Its own files, the icons in its style sheet, and requests to this server.</summary>
    private const string Policy =
        $"default-src 'none'; script-src 'self'; style-src 'self' '{LogoStyle}'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Use(IApplicationBuilder app, HttpSettings settings)
    {
        if (settings.DocsEnabled) app.MapWhen(IsBelow, static docs => docs.Use(AsPage).UseSwaggerUI(Configure));
    }

    /// <summary>Only these requests go through the middleware: it looks at every path that it sees, with regular expressions.</summary>
    private static bool IsBelow(HttpContext http) => http.Request.Path.StartsWithSegments(Path);

    private static RequestDelegate AsPage(RequestDelegate next) => http =>
    {
        SecurityHeaders.OfPage(http.Response, Policy);
        return next(http);
    };

    private static void Configure(SwaggerUIOptions options)
    {
        options.RoutePrefix = Path[1..];
        options.DocumentTitle = Product.Name + " API";
        options.SwaggerEndpoint("/openapi.json", Product.Name);
    }
}
