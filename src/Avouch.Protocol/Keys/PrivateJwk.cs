using System.Security.Cryptography;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>A private or symmetric JWK to a key. Its public part passes the rules for published keys first.</summary>
internal static class PrivateJwk
{
    public static SigningKey Read(ReadOnlySpan<byte> json)
    {
        using var document = JwkReader.TryOpen(json) ?? throw Refusal("The key is not one JSON object with unique members.");
        var key = document.RootElement;
        if (key.ValueKind != JsonValueKind.Object) throw Refusal("The key is not a JSON object.");
        if (!JwkReader.Allows(key, "sign")) throw Refusal("The use is not sig, or the key_ops do not hold sign.");
        return JwkReader.Text(key, "kty") switch
        {
            "oct" => ReadSecret(key),
            "EC" => ReadEc(key),
            "RSA" => ReadRsa(key),
            _ => throw Refusal("The kty is missing or none of EC, RSA and oct."),
        };
    }

    private static HmacSigningKey ReadSecret(JsonElement key)
    {
        if (!JwkReader.IsAbsentOr(key, "alg", "HS256")) throw Refusal("The alg is not HS256.");
        var secret = Number(key, "k");
        try
        {
            return new HmacSigningKey(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static EcdsaSigningKey ReadEc(JsonElement key)
    {
        var (named, reason) = JwkReader.ReadPublic(key);
        if (named is not EcJwk point) throw Refusal(reason!);
        var scheme = point.Scheme;
        var d = Number(key, "d");
        try
        {
            if (d.Length != scheme.CoordinateLength) throw Refusal($"The d on {scheme.CurveName} is {scheme.CoordinateLength} bytes."); // RFC 7518 §6.2.2.1
            using var ecdsa = ECDsa.Create(new ECParameters { Curve = scheme.Curve, Q = point.Point(), D = d });
            return new EcdsaSigningKey(scheme, ecdsa);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
        }
    }

    /// <summary>All of the numbers are needed: without them (RFC 7518 §6.3.2 lets producers leave them out) signing is several times slower.</summary>
    private static RsaSigningKey ReadRsa(JsonElement key)
    {
        var (named, reason) = JwkReader.ReadPublic(key);
        if (named is not RsaJwk modulus) throw Refusal(reason!);
        if (key.TryGetProperty("oth", out _)) throw Refusal("RSA keys of more than two primes are not supported.");
        var numbers = modulus.Numbers();
        var (size, half) = (numbers.Modulus!.Length, (numbers.Modulus.Length + 1) / 2);
        (numbers.D, numbers.P, numbers.Q) = (Number(key, "d", size), Number(key, "p", half), Number(key, "q", half));
        (numbers.DP, numbers.DQ, numbers.InverseQ) = (Number(key, "dp", half), Number(key, "dq", half), Number(key, "qi", half));
        if (!RsaRules.AreConsistent(numbers)) throw Refusal("The private numbers of the RSA key do not belong together."); // the platform may hang on them
        using var rsa = RSA.Create(numbers);
        return new RsaSigningKey(modulus.Scheme!, rsa);
    }

    private static byte[] Number(JsonElement key, string name)
    {
        if (JwkReader.Text(key, name) is not { } text) throw Refusal($"The {name} is missing or not a string.");
        var bytes = new byte[Base64UrlStrict.DecodedLength(text.Length)];
        return Base64UrlStrict.TryDecode(text, bytes, out _) ? bytes : throw Refusal($"The {name} is not base64url.");
    }

    /// <summary>At the width that the platform wants, zeros in front.</summary>
    private static byte[] Number(JsonElement key, string name, int width)
    {
        var bytes = Number(key, name);
        if (bytes.Length > width) throw Refusal($"The {name} is longer than the modulus allows.");
        return [.. new byte[width - bytes.Length], .. bytes];
    }

    private static CryptographicException Refusal(string reason) => new(reason);
}
