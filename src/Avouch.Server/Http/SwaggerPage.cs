using Swashbuckle.AspNetCore.SwaggerUI;

namespace Avouch.Server.Http;

/// <summary>
/// Swagger UI at <c>/docs</c>, whose Authorize button signs in at our form login. It does not remember who is authorised: it would write the
/// password and the tokens into the browser's local storage.
/// </summary>
internal static class SwaggerPage
{
    private const string Prefix = "docs";

    /// <summary>Only these requests go through the middleware: it looks at every path that it sees, with regular expressions.</summary>
    public static bool IsBelow(HttpContext http) => http.Request.Path.StartsWithSegments("/" + Prefix);

    public static void Configure(SwaggerUIOptions options)
    {
        options.RoutePrefix = Prefix;
        options.DocumentTitle = Product.Name + " API";
        options.SwaggerEndpoint("/openapi.json", Product.Name);
    }
}
