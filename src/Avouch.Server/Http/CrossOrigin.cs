using Avouch.Server.Settings;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Avouch.Server.Http;

/// <summary>
/// Which pages of other origins may read what (CORS, fetch.spec.whatwg.org). Pages of AVOUCH_ALLOWED_ORIGINS read everything, with credentials; public
/// documents are read by everybody, without. Our own pages are read by nobody: another site of the same domain would send their cookie along. A request
/// without <c>Origin</c> costs one look for that header.
/// </summary>
internal sealed class CrossOrigin(HttpSettings settings) : ICorsPolicyProvider
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(2);   // no browser keeps it longer

    private readonly CorsPolicy documents = new CorsPolicyBuilder().AllowAnyOrigin().WithMethods("GET", "HEAD").WithHeaders("If-None-Match").SetPreflightMaxAge(PreflightAge).Build();

    private readonly CorsPolicy ours = OfOrigins(settings.AllowedOrigins.ToHashSet(StringComparer.Ordinal));

    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) =>
        Task.FromResult(IsPublic(context.Request.Path) ? documents : IsForPrograms(context.Request.Path) ? ours : null);

    private static bool IsForPrograms(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments("/oauth") || path.StartsWithSegments("/health") || path == "/ping" || path == "/revocations";

    private static bool IsPublic(PathString path) => path.StartsWithSegments("/.well-known") || path == "/openapi.json";

    private static CorsPolicy OfOrigins(HashSet<string> origins) => new CorsPolicyBuilder()
        .SetIsOriginAllowed(origins.Contains).AllowCredentials()
        .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders("Authorization", "Content-Type", "If-None-Match", "Avouch-Device", "Avouch-Csrf")
        .WithExposedHeaders("Avouch-Reason", "ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "WWW-Authenticate")
        .SetPreflightMaxAge(PreflightAge).Build();
}
