using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Avouch.Protocol.Tests;

/// <summary>Private keys as JWK: what the platform exports is imported, and nothing whose parts do not belong together.</summary>
public class PrivateJwkTests
{
    public static TheoryData<JwsAlgorithm> Curves => [JwsAlgorithm.ES256, JwsAlgorithm.ES384];

    public static TheoryData<JwsAlgorithm> Rsa => [JwsAlgorithm.RS256, JwsAlgorithm.PS256];

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void It_is_imported_and_is_the_same_key(JwsAlgorithm algorithm)
    {
        using var key = Import(Of(Sample.Key(algorithm)));
        Assert.Equal((algorithm, Sample.Key(algorithm).KeyId), (key.Algorithm, key.KeyId));
        Assert.True(Sample.Key(algorithm).Verification.Verify("input"u8, Sample.SignatureOf("input", key)));
    }

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void Its_use_must_allow_signing(JwsAlgorithm algorithm)
    {
        Import(With(algorithm, "use", "sig")).Dispose();
        Import(With(algorithm, "key_ops", new JsonArray("sign", "verify"))).Dispose();
        Refuses(With(algorithm, "use", "enc"));
        Refuses(With(algorithm, "use", null));
        Refuses(With(algorithm, "key_ops", new JsonArray("verify")));
        Refuses(With(algorithm, "key_ops", "sign"));
        Refuses(With(algorithm, "kty", "okp"));
        Refuses(With(algorithm, "alg", "none"));
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void The_secret_of_a_curve_must_be_that_of_its_point(JwsAlgorithm algorithm)
    {
        var (own, width) = (Of(Sample.Key(algorithm)), Sample.Key(algorithm).SignatureLength / 2);
        using var stranger = SigningKey.Generate(algorithm);
        var d = Base64.Decode((string)own["d"]!);
        byte[][] wrong =
        [
            [], new byte[width], [.. Enumerable.Repeat((byte)255, width)], d[1..], [0, .. d], [.. d[..^1], (byte)(d[^1] ^ 1)],
            Base64.Decode((string)Of(stranger)["d"]!),
        ];
        foreach (var other in wrong) Refuses(With(algorithm, "d", Base64UrlStrict.Encode(other)));
        foreach (var name in (string[])["x", "y", "d", "crv"]) Refuses(Without(algorithm, name));
        foreach (var name in (string[])["x", "y"]) Refuses(With(algorithm, name, (string)Of(stranger)[name]!));
        Refuses(With(algorithm, "d", (string)own["d"]! + "="));
        Refuses(With(algorithm, "d", 1));
        Refuses(With(algorithm, "crv", "P-521"));
        Refuses(With(algorithm, "crv", algorithm == JwsAlgorithm.ES256 ? "P-384" : "P-256"));
    }

    [Theory]
    [MemberData(nameof(Rsa))]
    public void The_numbers_of_an_RSA_key_must_belong_together(JwsAlgorithm algorithm)
    {
        string[] numbers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
        using var stranger = Sample.ShortRsa(algorithm);
        foreach (var name in numbers)
        {
            var bytes = Base64.Decode((string)Of(Sample.Key(algorithm))[name]!);
            foreach (var bit in (int[])[1, 2, 64]) Refuses(With(algorithm, name, Base64UrlStrict.Encode([.. bytes[..^1], (byte)(bytes[^1] ^ bit)])));
            if (name != "e") Refuses(With(algorithm, name, (string)Of(stranger)[name]!));
            foreach (var other in (byte[][])[[], [0], [1], [.. bytes, .. bytes]]) Refuses(With(algorithm, name, Base64UrlStrict.Encode(other)));
            Refuses(Without(algorithm, name));
        }
        var swapped = Of(Sample.Key(algorithm));
        (swapped["p"], swapped["q"]) = ((string)swapped["q"]!, (string)swapped["p"]!);
        Refuses(swapped);
    }

    [Theory]
    [MemberData(nameof(Rsa))]
    public void An_RSA_key_says_for_what_it_is_and_has_two_primes(JwsAlgorithm algorithm)
    {
        Refuses(Without(algorithm, "alg"));
        Refuses(With(algorithm, "alg", "RS512"));
        Refuses(With(algorithm, "oth", new JsonArray()));
    }

    [Fact]
    public void A_shared_secret_has_32_bytes()
    {
        Import(With(JwsAlgorithm.HS256, "k", Base64UrlStrict.Encode(new byte[32]))).Dispose();
        Import(Without(JwsAlgorithm.HS256, "alg")).Dispose();
        Refuses(With(JwsAlgorithm.HS256, "k", Base64UrlStrict.Encode(new byte[31])));
        Refuses(With(JwsAlgorithm.HS256, "k", ""));
        Refuses(With(JwsAlgorithm.HS256, "alg", "HS512"));
        Refuses(Without(JwsAlgorithm.HS256, "k"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"kty\":\"oct\",\"kty\":\"oct\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void Anything_else_is_refused(string json) => Assert.ThrowsAny<CryptographicException>(() => SigningKey.ImportJwk(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_public_key_is_not_private() => Assert.All(
        Sample.All.Select(key => key.Verification.PublicJwk).OfType<Jwk>(),
        jwk => Assert.ThrowsAny<CryptographicException>(() => SigningKey.ImportJwk(JwkSet.Write([jwk]).AsSpan()[9..^2])));

    private static SigningKey Import(JsonObject jwk) => SigningKey.ImportJwk(Encoding.UTF8.GetBytes(jwk.ToJsonString()));

    private static void Refuses(JsonObject jwk) => Assert.ThrowsAny<CryptographicException>(() => Import(jwk));

    private static JsonObject With(JwsAlgorithm algorithm, string name, JsonNode? value)
    {
        var jwk = Of(Sample.Key(algorithm));
        jwk[name] = value;
        return jwk;
    }

    private static JsonObject Without(JwsAlgorithm algorithm, string name)
    {
        var jwk = Of(Sample.Key(algorithm));
        Assert.True(jwk.Remove(name));
        return jwk;
    }

    /// <summary>From the numbers that the platform gives.</summary>
    internal static JsonObject Of(SigningKey key)
    {
        var secret = key.ExportPrivate();
        var alg = key.Algorithm.Name();
        if (key.Algorithm == JwsAlgorithm.HS256) return new JsonObject { ["kty"] = "oct", ["alg"] = alg, ["k"] = Text(secret) };
        if (key.Algorithm is JwsAlgorithm.ES256 or JwsAlgorithm.ES384)
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportPkcs8PrivateKey(secret, out _);
            var curve = ecdsa.ExportParameters(true);
            var name = key.Algorithm == JwsAlgorithm.ES256 ? "P-256" : "P-384";
            return new JsonObject { ["kty"] = "EC", ["crv"] = name, ["x"] = Text(curve.Q.X), ["y"] = Text(curve.Q.Y), ["d"] = Text(curve.D) };
        }
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(secret, out _);
        var numbers = rsa.ExportParameters(true);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["alg"] = alg,
            ["n"] = Text(numbers.Modulus),
            ["e"] = Text(numbers.Exponent),
            ["d"] = Text(numbers.D),
            ["p"] = Text(numbers.P),
            ["q"] = Text(numbers.Q),
            ["dp"] = Text(numbers.DP),
            ["dq"] = Text(numbers.DQ),
            ["qi"] = Text(numbers.InverseQ),
        };
    }

    private static string Text(byte[]? bytes) => Base64UrlStrict.Encode(bytes);
}
