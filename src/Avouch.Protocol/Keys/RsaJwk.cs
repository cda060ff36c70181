using System.Security.Cryptography;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>
/// An RSA key (RFC 7518 §6.3.1): <c>n</c> and <c>e</c>. It fits two algorithms of ours, so it is of use only with an <c>alg</c>.
/// </summary>
public sealed record RsaJwk(string Modulus, string Exponent) : Jwk
{
    /// <inheritdoc/>
    public override string KeyType => "RSA";

    internal RsaScheme? Scheme => RsaScheme.Find(Algorithm);

    /// <inheritdoc/>
    public override VerificationKey ToVerificationKey() =>
        new RsaVerificationKey(Scheme ?? throw new CryptographicException("An RSA key needs an alg: RS256 or PS256."), Numbers(), this);

    /// <inheritdoc/>
    public override string Thumbprint() => ThumbprintOf($$"""{"e":"{{Exponent}}","kty":"RSA","n":"{{Modulus}}"}""");

    /// <exception cref="CryptographicException">Not base64url, or a public key that is refused.</exception>
    internal RSAParameters Numbers()
    {
        var numbers = new RSAParameters { Modulus = Decode(Modulus), Exponent = Decode(Exponent) };
        return RsaRules.FindFault(numbers.Modulus, numbers.Exponent) is { } fault ? throw new CryptographicException(fault) : numbers;
    }

    private protected override void WriteNumbers(Utf8JsonWriter json)
    {
        json.WriteString("n"u8, Modulus);
        json.WriteString("e"u8, Exponent);
    }

    private static byte[] Decode(string text)
    {
        var bytes = new byte[Base64UrlStrict.DecodedLength(text.Length)];
        return Base64UrlStrict.TryDecode(text, bytes, out _) ? bytes : throw new CryptographicException("A number is not base64url.");
    }
}
