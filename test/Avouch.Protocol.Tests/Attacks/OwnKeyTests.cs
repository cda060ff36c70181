using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Avouch.Protocol.Tests;

/// <summary>Tokens that bring their key along, or say where it is: signed faultlessly, by somebody else.</summary>
public class OwnKeyTests
{
    private static readonly byte[] Claims = Encoding.UTF8.GetBytes(Sample.Claims().ToJsonString());

    public static TheoryData<JwsAlgorithm> Asymmetric => [JwsAlgorithm.ES256, JwsAlgorithm.ES384, JwsAlgorithm.RS256, JwsAlgorithm.PS256];

    // CVE-2018-0114 and its kind
    [Theory]
    [MemberData(nameof(Asymmetric))]
    public void A_header_that_brings_a_key_is_refused_whatever_its_kid(JwsAlgorithm algorithm)
    {
        using var attacker = algorithm is JwsAlgorithm.RS256 or JwsAlgorithm.PS256 ? Sample.ShortRsa(algorithm) : SigningKey.Generate(algorithm);
        var jwk = Encoding.UTF8.GetString(JwkSet.Write([attacker.Verification.PublicJwk!]))[9..^2];
        string[] members =
        [
            $"\"jwk\":{jwk}", "\"jku\":\"https://evil.example/jwks.json\"", "\"jku\":\"https://login.example.com/../evil\"", "\"jku\":\"file:///dev/stdin\"",
            "\"x5u\":\"https://evil.example/cert.pem\"", $"\"x5c\":[\"{Certificate()}\"]", $"\"j\\u0077k\":{jwk}", "\"\\u006aku\":\"https://evil.example\"",
        ];
        foreach (var member in members)
            foreach (var keyId in (string[])[Sample.Key(algorithm).KeyId, attacker.KeyId])
            {
                var header = $$"""{"alg":"{{algorithm}}","kid":"{{keyId}}","typ":"at+jwt",{{member}}}""";
                Assert.Equal(TokenFault.UnsupportedHeader, Sample.Verify(Sample.Forge(Encoding.UTF8.GetBytes(header), Claims, attacker)));
            }
    }

    // x5t names a certificate and brings none: passed over like any member that is not understood (RFC 7515 §4), and no key is chosen by it
    [Theory]
    [InlineData("\"x5t\":\"dGhpcyBpcyBhIFNIQTEgdGVzdA\"")]
    [InlineData("\"x5t#S256\":\"dGhpcyBpcyBhIFNIQTI1NiB0ZXN0\"")]
    [InlineData("\"keys\":[]")]
    [InlineData("\"url\":\"https://evil.example\"")]
    public void Other_members_choose_nothing(string member)
    {
        using var attacker = SigningKey.Generate(JwsAlgorithm.ES256);
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"ES256","kid":"{{Sample.Es256.KeyId}}","typ":"at+jwt",{{member}}}""");
        Assert.Equal(TokenFault.BadSignature, Sample.Verify(Sample.Forge(header, Claims, attacker)));
        Assert.Equal(TokenFault.None, Sample.Verify(Sample.Forge(header, Claims, Sample.Es256)));
    }

    // A kid that is a path, a query or a URL names nothing; with the content of /dev/null as the secret it would be easy to sign.
    [Theory]
    [InlineData("../../../../../../dev/null")]
    [InlineData("/dev/null")]
    [InlineData("/proc/sys/kernel/randomize_va_space")]
    [InlineData("file:///dev/null")]
    [InlineData("..\\\\..\\\\windows\\\\win.ini")]
    [InlineData("x' UNION SELECT 'AA")]
    [InlineData("x'; DROP TABLE signing_keys; --")]
    [InlineData("| sleep 10")]
    [InlineData("https://evil.example/key")]
    [InlineData("key\\u0000")]
    [InlineData("*")]
    [InlineData("%2e%2e%2f")]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("\\ud83d\\ude00")]
    public void A_kid_is_a_name_and_nothing_else(string keyId)
    {
        foreach (var secret in (byte[][])[[], [0], "AA"u8.ToArray(), "2\n"u8.ToArray()])
        {
            var input = Base64UrlStrict.Encode(Encoding.UTF8.GetBytes($$"""{"alg":"HS256","kid":"{{keyId}}","typ":"at+jwt"}""")) + "." + Base64UrlStrict.Encode(Claims);
            var token = $"{input}.{Base64UrlStrict.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";
            Assert.Equal(TokenFault.UnknownKey, Sample.Verify(token));
        }
    }

    [Fact]
    public void A_kid_is_compared_to_the_letter()
    {
        var keyId = Sample.Es256.KeyId;
        foreach (var other in (string[])[keyId + " ", " " + keyId, keyId + "=", keyId[1..], keyId + "\\u0000", keyId + "/../" + keyId])
        {
            var header = Encoding.UTF8.GetBytes($$"""{"alg":"ES256","kid":"{{other}}","typ":"at+jwt"}""");
            Assert.Equal(TokenFault.UnknownKey, Sample.Verify(Sample.Forge(header, Claims, Sample.Es256)));
        }
    }

    // RFC 7515 §4.1.11, RFC 7797 §6: also where what is critical is something that everybody knows
    [Theory]
    [InlineData("\"crit\":[]")]
    [InlineData("\"crit\":[\"exp\"],\"exp\":1")]
    [InlineData("\"crit\":[\"alg\"]")]
    [InlineData("\"crit\":[\"b64\"],\"b64\":false")]
    [InlineData("\"crit\":[\"b64\"],\"b64\":true")]
    [InlineData("\"b64\":false")]
    [InlineData("\"b64\":true")]
    [InlineData("\"crit\":null")]
    [InlineData("\"cri\\u0074\":[\"x\"]")]
    public void What_must_be_understood_is_refused(string member)
    {
        foreach (var key in Sample.All)
        {
            var header = Encoding.UTF8.GetBytes(Sample.Header(key)[..^1] + $",{member}}}");
            Assert.Equal(TokenFault.UnsupportedHeader, Sample.Verify(Sample.Forge(header, Claims, key)));
        }
    }

    [Fact]
    public void An_unencoded_payload_is_refused()
    {
        var header = Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(Sample.Header(Sample.Hs256)[..^1] + ",\"crit\":[\"b64\"],\"b64\":false}"));
        byte[] input = [.. Encoding.ASCII.GetBytes(header + "."), .. Claims];
        var signature = new byte[32];
        Sample.Hs256.Sign(input, signature);

        Assert.Equal(TokenFault.UnsupportedHeader, Sample.Verify($"{header}.{Base64UrlStrict.Encode(Claims)}.{Base64UrlStrict.Encode(signature)}"));
        Assert.Equal(TokenFault.Malformed, Sample.Verify($"{Encoding.UTF8.GetString(input)}.{Base64UrlStrict.Encode(signature)}"));
    }

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=login.example.com", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(Sample.Now, Sample.Now.AddYears(1));
        return Convert.ToBase64String(certificate.RawData);
    }
}
