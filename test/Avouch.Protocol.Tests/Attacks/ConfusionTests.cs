using System.Security.Cryptography;
using System.Text;

namespace Avouch.Protocol.Tests;

/// <summary>
/// Algorithm confusion in every form that has had a name: the header never chooses, neither the algorithm nor the key. The tokens are forged by
/// hand, since our writer refuses to make them.
/// </summary>
public class ConfusionTests
{
    private static readonly string Claims = Sample.Claims().ToJsonString();

    public static TheoryData<JwsAlgorithm> Asymmetric => [JwsAlgorithm.ES256, JwsAlgorithm.ES384, JwsAlgorithm.RS256, JwsAlgorithm.PS256];

    // CVE-2015-9235, CVE-2016-5431, CVE-2016-10555, CVE-2022-29217: the public key as the secret of an HMAC
    [Theory]
    [MemberData(nameof(Asymmetric))]
    public void A_public_key_in_any_form_is_no_HMAC_secret(JwsAlgorithm algorithm)
    {
        var key = Sample.Key(algorithm);
        foreach (var secret in FormsOf(key))
        {
            Assert.Equal(TokenFault.WrongAlgorithm, Sample.Verify(Mac(Header("HS256", key), secret)));
            Assert.Equal(TokenFault.BadSignature, Sample.Verify(Mac(Header(algorithm.Name(), key), secret)));
            Assert.Equal(TokenFault.WrongAlgorithm, Sample.Verify(Mac(Header(algorithm.Name(), Sample.Hs256), secret)));
            Assert.Equal(TokenFault.BadSignature, Sample.Verify(Mac(Header("HS256", Sample.Hs256), secret)));
        }
    }

    [Fact]
    public void Each_key_refuses_the_header_of_each_other_algorithm()
    {
        foreach (var key in Sample.All)
            foreach (var other in (string[])["HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "ES256K", "RS256", "RS384", "PS256", "PS512", "EdDSA", "Ed25519", "dir", "RSA-OAEP"])
                if (other != key.Algorithm.Name())
                    Assert.Equal(TokenFault.WrongAlgorithm, Sample.Verify(Sample.Forge(Header(other, key), Claims, key)));
    }

    [Fact]
    public void Each_key_refuses_the_signatures_of_each_other_key()
    {
        foreach (var key in Sample.All)
            foreach (var other in Sample.All)
                if (key != other)
                    Assert.Equal(TokenFault.BadSignature, Sample.Verify(Sample.Forge(Header(key.Algorithm.Name(), key), Claims, other)));
    }

    [Theory]
    [InlineData(JwsAlgorithm.RS256, JwsAlgorithm.PS256)]
    [InlineData(JwsAlgorithm.PS256, JwsAlgorithm.RS256)]
    public void One_RSA_key_does_not_serve_two_schemes(JwsAlgorithm own, JwsAlgorithm other)
    {
        using var key = SigningKey.Import(own, Sample.Key(own).ExportPrivate());
        using var twin = SigningKey.Import(other, key.ExportPrivate());
        var keys = new KeyRing(key.Verification);

        Assert.Equal(key.KeyId, twin.KeyId);
        Assert.Equal(TokenFault.None, Sample.Verify(Sample.Token().Mint(key), keys: keys));
        Assert.Equal(TokenFault.WrongAlgorithm, Sample.Verify(Sample.Token().Mint(twin), keys: keys));
        Assert.Equal(TokenFault.BadSignature, Sample.Verify(Sample.Forge(Header(own.Name(), key), Claims, twin), keys: keys));
    }

    [Fact]
    public void None_is_refused_in_any_case_with_and_without_a_signature()
    {
        foreach (var spelling in Spellings("none"))
            foreach (var key in Sample.All)
            {
                var signed = Sample.Forge(Header(spelling, key), Claims, key);
                Assert.Equal(TokenFault.WrongAlgorithm, Sample.Verify(signed));
                Assert.Equal(TokenFault.WrongAlgorithm, Sample.Verify(signed[..(signed.LastIndexOf('.') + 1)]));
                Assert.Equal(TokenFault.Malformed, Sample.Verify(signed[..signed.LastIndexOf('.')]));
            }
    }

    private static string Header(string algorithm, SigningKey key) => $$"""{"alg":"{{algorithm}}","kid":"{{key.KeyId}}","typ":"at+jwt"}""";

    private static string Mac(string header, byte[] secret)
    {
        var input = $"{Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(header))}.{Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(Claims))}";
        return $"{input}.{Base64UrlStrict.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";
    }

    /// <summary>All that somebody can download and turn around: PEM with and without its last line break, DER, JWK, set, the bare numbers, the name.</summary>
    private static List<byte[]> FormsOf(SigningKey key)
    {
        var jwk = key.Verification.PublicJwk!;
        var set = JwkSet.Write([jwk]);
        List<byte[]> forms = [set, set[9..^2], Encoding.UTF8.GetBytes(key.KeyId), []];
        if (jwk is EcJwk curve)
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportPkcs8PrivateKey(key.ExportPrivate(), out _);
            byte[] point = [.. Base64.Decode(curve.X), .. Base64.Decode(curve.Y)];
            forms.AddRange([ecdsa.ExportSubjectPublicKeyInfo(), point, [4, .. point], Encoding.UTF8.GetBytes(curve.X)]);
            AddTexts(forms, ecdsa.ExportSubjectPublicKeyInfoPem());
            return forms;
        }
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.ExportPrivate(), out _);
        var modulus = ((RsaJwk)jwk).Modulus;
        forms.AddRange([rsa.ExportSubjectPublicKeyInfo(), rsa.ExportRSAPublicKey(), Base64.Decode(modulus), [0, .. Base64.Decode(modulus)], Encoding.UTF8.GetBytes(modulus)]);
        AddTexts(forms, rsa.ExportSubjectPublicKeyInfoPem());
        AddTexts(forms, rsa.ExportRSAPublicKeyPem());
        return forms;
    }

    private static void AddTexts(List<byte[]> forms, string pem)
    {
        foreach (var text in (string[])[pem, pem + "\n", pem + "\r\n", pem.ReplaceLineEndings("\r\n"), pem.ReplaceLineEndings("")]) forms.Add(Encoding.ASCII.GetBytes(text));
    }

    private static IEnumerable<string> Spellings(string word) => Enumerable.Range(0, 1 << word.Length)
        .Select(mask => string.Concat(word.Select((letter, at) => (mask >> at & 1) == 1 ? char.ToUpperInvariant(letter) : letter)));
}
