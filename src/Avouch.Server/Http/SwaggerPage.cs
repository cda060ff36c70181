using Swashbuckle.AspNetCore.SwaggerUI;

namespace Avouch.Server.Http;

/// <summary>Swagger UI at <c>/docs</c>, whose Authorize button signs in at our form login.</summary>
internal static class SwaggerPage
{
    public static void Configure(SwaggerUIOptions options)
    {
        options.RoutePrefix = "docs";
        options.DocumentTitle = Product.Name + " API";
        options.SwaggerEndpoint("/openapi.json", Product.Name);
        options.EnablePersistAuthorization();
    }
}
