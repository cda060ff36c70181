using System.Security.Cryptography;
using System.Text;

namespace Avouch.Protocol.Tests;

public class JwkTests
{
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string Point = $"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{X}\",\"y\":\"{Y}\"";

    [Fact]
    public void Rfc7638_section_3_1_hashes_the_canonical_members() => Assert.Equal(
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
        new RsaJwk(
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
            + "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTW"
            + "hAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "AQAB")
        {
            KeyId = "2011-04-29",
            Algorithm = "RS256",
        }.Thumbprint());

    [Fact]
    public void The_thumbprint_of_a_curve_key_ignores_its_other_members() => Assert.Equal(
        "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
        new EcJwk("P-256", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")
        {
            KeyId = "1",
            Use = "enc",
        }.Thumbprint());

    [Fact]
    public void A_published_key_verifies_what_its_owner_signs()
    {
        Assert.True(JwkSet.TryParse(JwkSet.Write([Sample.Es256.Verification.PublicJwk!]), out var keys));
        var key = Assert.IsType<EcJwk>(Assert.Single(keys));
        Assert.Equal(("EC", "P-256", "ES256", "sig", Sample.Es256.KeyId), (key.KeyType, key.Curve, key.Algorithm, key.Use, key.KeyId));
        Assert.True(key.ToVerificationKey().Verify("input"u8, Sample.SignatureOf("input", Sample.Es256)));
        Assert.Equal(key, key.ToVerificationKey().PublicJwk);
    }

    [Theory]
    [InlineData(JwsAlgorithm.ES256)]
    [InlineData(JwsAlgorithm.ES384)]
    [InlineData(JwsAlgorithm.RS256)]
    [InlineData(JwsAlgorithm.PS256)]
    public void Every_public_key_comes_back_from_its_own_set(JwsAlgorithm algorithm)
    {
        var published = Sample.Key(algorithm).Verification.PublicJwk!;
        Assert.True(JwkSet.TryParse(JwkSet.Write([published]), out var keys));
        Assert.Equal(published, Assert.Single(keys));
        Assert.Equal((algorithm, published.Thumbprint()), (keys[0].ToVerificationKey().Algorithm, keys[0].KeyId));
    }

    [Fact]
    public void The_wire_form_of_RSA_is_frozen()
    {
        var rsa = (RsaJwk)Sample.Ps256.Verification.PublicJwk!;
        var expected = $$"""{"keys":[{"kty":"RSA","n":"{{rsa.Modulus}}","e":"AQAB","kid":"{{rsa.Thumbprint()}}","alg":"PS256","use":"sig"}]}""";
        Assert.Equal(expected, Encoding.UTF8.GetString(JwkSet.Write([rsa])));
    }

    [Fact]
    public void The_wire_form_is_frozen()
    {
        var jwk = new EcJwk("P-256", X, Y).ToVerificationKey().PublicJwk!;
        Assert.Equal($$"""{"keys":[{{{Point}},"kid":"{{jwk.Thumbprint()}}","alg":"ES256","use":"sig"}]}""", Encoding.UTF8.GetString(JwkSet.Write([jwk])));
        Assert.Equal("""{"keys":[]}"""u8, JwkSet.Write([]));
    }

    [Fact]
    public void A_symmetric_key_is_never_published() => Assert.Null(Sample.Hs256.Verification.PublicJwk);

    [Theory]
    [InlineData("{" + Point + "}")]
    [InlineData("{" + Point + ",\"kid\":\"k\",\"alg\":\"ES256\",\"use\":\"sig\",\"key_ops\":[\"verify\"],\"x5t\":\"ignored\",\"ext\":true}")]
    public void A_public_key_is_read(string json) => Assert.Null(Reason(json));

    [Theory]
    [InlineData("", "one JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{" + Point + ",}", "one JSON object")]
    [InlineData("{" + Point + ",\"x\":\"" + X + "\"}", "unique members")]
    [InlineData("{" + Point + ",\"\\u0078\":\"" + X + "\"}", "unique members")]
    [InlineData("{" + Point + ",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}", "private")]
    [InlineData("{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T\"}", "symmetric")]
    [InlineData("{\"kty\":\"ec\",\"crv\":\"P-256\",\"x\":\"" + X + "\",\"y\":\"" + Y + "\"}", "kty")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + X + "\"}", "kty")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "alg")]
    [InlineData("{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"AQAB\"}", "missing")]
    [InlineData("{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"AQAB\",\"e\":65537}", "not a string")]
    [InlineData("{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", "less than 2048")]
    [InlineData("{\"kty\":\"RSA\",\"alg\":\"RS256\",\"n\":\"AQA=\",\"e\":\"AQAB\"}", "base64url")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" + X + "\",\"y\":\"" + Y + "\"}", "not a point on P-384")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"" + X + "\",\"y\":\"" + Y + "\"}", "crv")]
    [InlineData("{\"kty\":\"EC\",\"x\":\"" + X + "\",\"y\":\"" + Y + "\"}", "crv")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + X + "\"}", "coordinate is missing")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":\"" + Y + "\"}", "coordinate is missing")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"" + Y + "\"}", "not a point")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + X + "=\",\"y\":\"" + Y + "\"}", "not a point")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + Y + "\",\"y\":\"" + X + "\"}", "not a point")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\\ud800\",\"y\":\"" + Y + "\"}", "coordinate is missing")]
    [InlineData("{" + Point + ",\"\\ud800\":1}", "one JSON object")]
    [InlineData("{" + Point + ",\"ext\":{\"\\udc00\":1}}", "one JSON object")]
    [InlineData("{" + Point + ",\"alg\":\"ES384\"}", "alg")]
    [InlineData("{" + Point + ",\"alg\":null}", "alg")]
    [InlineData("{" + Point + ",\"use\":\"enc\"}", "use")]
    [InlineData("{" + Point + ",\"key_ops\":[\"sign\"]}", "key_ops")]
    [InlineData("{" + Point + ",\"key_ops\":\"verify\"}", "key_ops")]
    [InlineData("{" + Point + ",\"key_ops\":[\"\\ud800\"]}", "key_ops")]
    [InlineData("{" + Point + ",\"kid\":1}", "kid")]
    [InlineData("{" + Point + ",\"kid\":\"\"}", "kid")]
    public void Any_other_key_is_refused_with_a_reason(string json, string word) => Assert.Contains(word, Reason(json));

    [Fact]
    [Trait("ASVS", "11.6.1")]
    public void A_point_off_the_curve_is_never_a_key() =>
        Assert.ThrowsAny<CryptographicException>(() => new EcJwk("P-256", Y, X).ToVerificationKey());

    [Fact]
    public void A_set_passes_over_keys_it_cannot_use()
    {
        Assert.Equal(1, Count($$"""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"},{{{Point}}},7,{{{Point}},"use":"enc"}],"more":1}"""));
        Assert.Equal(0, Count("""{"keys":[]}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("{\"keys\":[{" + Point + "},{" + Point + "}]}")]
    [InlineData("{\"keys\":[{" + Point + "},{\"kty\":\"oct\",\"k\":\"AA\"}]}")]
    [InlineData("{\"keys\":[{" + Point + ",\"d\":\"AA\"}]}")]
    public void A_set_whose_publisher_is_not_in_control_is_refused(string json) => Assert.Null(Count(json));

    [Fact]
    public void Random_bytes_never_throw() => Property.Holds<byte[]>(bytes =>
        !JwkSet.TryParse(bytes, out _) && !Jwk.TryParse(bytes, out _, out _));

    private static int? Count(string json) => JwkSet.TryParse(Encoding.UTF8.GetBytes(json), out var keys) ? keys.Count : null;

    private static string? Reason(string json)
    {
        Assert.Equal(Jwk.TryParse(Encoding.UTF8.GetBytes(json), out var jwk, out var reason), jwk is not null);
        Assert.NotEqual(jwk is null, reason is null);
        return reason;
    }
}
