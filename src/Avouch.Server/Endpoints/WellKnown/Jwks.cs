using Avouch.Server.Http;
using Avouch.Server.Keys;

namespace Avouch.Server.Endpoints.WellKnown;

/// <summary><c>GET /.well-known/jwks.json</c>: the public keys (RFC 7517 §5). The next one stands in it before it signs anything.</summary>
internal sealed class Jwks(SigningKeys keys)
{
    [EndpointSummary("Public keys")]
    [EndpointDescription("The keys that verify access tokens, as a JWK Set. The secret of HS256 is never among them.")]
    [Tags("Discovery")]
    [Gives(200, "The JWK Set.", "application/json")]
    public Task<IResult> Handle(HttpContext http)
    {
        var current = keys.Current;
        return Task.FromResult(CachedDocument.Give(http, current.JwkSet, current.ETag));
    }
}
