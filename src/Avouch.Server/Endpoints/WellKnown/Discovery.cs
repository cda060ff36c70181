using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Avouch.Server.Http;
using Avouch.Server.Keys;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;

namespace Avouch.Server.Endpoints.WellKnown;

/// <summary>
/// <c>GET /.well-known/openid-configuration</c> (OpenID Connect Discovery §4): where things are. It names only what exists; as long as there is no
/// authorization endpoint, there is none in it, and the members that the specification requires are empty lists.
/// </summary>
internal sealed class Discovery
{
    internal sealed record Document(
        string Issuer,
        string JwksUri,
        IReadOnlyList<string> ScopesSupported,
        IReadOnlyList<string> ResponseTypesSupported,
        IReadOnlyList<string> SubjectTypesSupported,
        IReadOnlyList<string> IdTokenSigningAlgValuesSupported,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ServiceDocumentation);

    private readonly byte[] document;
    private readonly string etag;

    public Discovery(Installation installation, HttpSettings settings)
    {
        document = JsonSerializer.SerializeToUtf8Bytes(new Document(
            installation.Issuer,
            installation.Issuer + "/.well-known/jwks.json",
            [TokenIssuer.AccountScope, TokenIssuer.AdminScope],
            [],
            ["public"],
            [],
            settings.DocsEnabled ? installation.Issuer + SwaggerPage.Path : null), ApiJson.Default.DiscoveryDocument);
        etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(document).AsSpan(0, 8))}\"";
    }

    [EndpointSummary("Discovery")]
    [EndpointDescription("The issuer and where its keys are.")]
    [Tags("Discovery")]
    [Gives<Document>(200, "The discovery document.")]
    public Task<IResult> Handle(HttpContext http) => Task.FromResult(CachedDocument.Give(http, document, etag));
}
