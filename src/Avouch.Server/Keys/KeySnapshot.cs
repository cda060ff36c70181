using System.Security.Cryptography;
using Avouch.Protocol;

namespace Avouch.Server.Keys;

/// <summary>All keys at one moment, never changed, swapped whole: who signs, what verifies, and the published set as it goes over the wire.</summary>
/// <param name="JwkSet">RFC 7517 §5, public keys only. A symmetric key is never among them.</param>
/// <param name="ETag">Of <paramref name="JwkSet"/>, in quotes (RFC 9110 §8.8.3).</param>
internal sealed record KeySnapshot(SigningKey Signer, KeyRing Ring, byte[] JwkSet, string ETag)
{
    /// <summary>Since when the stored key has been signing; nothing where the secret of the settings signs (HS256).</summary>
    public DateTimeOffset? SigningSince { get; init; }

    public static KeySnapshot Of(SigningKey signer, IReadOnlyList<SigningKey> published)
    {
        var verifying = published.Select(key => key.Verification).ToList();
        var set = Protocol.JwkSet.Write(verifying.Select(key => key.PublicJwk).OfType<Jwk>());
        if (!verifying.Contains(signer.Verification)) verifying.Add(signer.Verification);
        var tag = Convert.ToHexStringLower(SHA256.HashData(set).AsSpan(0, 8));
        return new KeySnapshot(signer, new KeyRing(verifying), set, $"\"{tag}\"");
    }
}
