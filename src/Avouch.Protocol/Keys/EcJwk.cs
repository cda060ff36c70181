using System.Security.Cryptography;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>A point on P-256 or P-384 (RFC 7518 §6.2.1): <c>crv</c>, <c>x</c> and <c>y</c>. The curve decides the algorithm.</summary>
public sealed record EcJwk(string Curve, string X, string Y) : Jwk
{
    /// <inheritdoc/>
    public override string KeyType => "EC";

    internal EcdsaScheme Scheme => EcdsaScheme.Find(Curve) ?? throw new CryptographicException($"The curve {Curve} is not supported.");

    /// <inheritdoc/>
    public override VerificationKey ToVerificationKey() => new EcdsaVerificationKey(Scheme, Point(), this);

    /// <inheritdoc/>
    public override string Thumbprint() => ThumbprintOf($$"""{"crv":"{{Curve}}","kty":"EC","x":"{{X}}","y":"{{Y}}"}""");

    internal ECPoint Point() => new() { X = Coordinate(X, Scheme), Y = Coordinate(Y, Scheme) };

    private protected override void WriteNumbers(Utf8JsonWriter json)
    {
        json.WriteString("crv"u8, Curve);
        json.WriteString("x"u8, X);
        json.WriteString("y"u8, Y);
    }

    private static byte[] Coordinate(string text, EcdsaScheme scheme)
    {
        var bytes = new byte[scheme.CoordinateLength]; // RFC 7518 §6.2.1.2: leading zeros included
        return text.Length == Base64UrlStrict.EncodedLength(bytes.Length) && Base64UrlStrict.TryDecode(text, bytes, out _)
            ? bytes
            : throw new CryptographicException($"A coordinate on {scheme.CurveName} is {bytes.Length} bytes of base64url.");
    }
}
