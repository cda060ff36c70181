using System.Security.Cryptography;

namespace Avouch.Protocol.Tests;

/// <summary>Private keys as PEM, in the three forms that openssl writes.</summary>
public class PrivatePemTests
{
    // What openssl ecparam -genkey writes before the key; the bytes are the name of P-256.
    private const string Parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

    [Theory]
    [InlineData(JwsAlgorithm.ES256)]
    [InlineData(JwsAlgorithm.ES384)]
    public void A_curve_key_is_imported_from_PKCS8_and_SEC1(JwsAlgorithm algorithm)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(Sample.Key(algorithm).ExportPrivate(), out _);
        foreach (var pem in (string[])[ecdsa.ExportPkcs8PrivateKeyPem(), ecdsa.ExportECPrivateKeyPem()]) MustBeThatOf(algorithm, pem);
        MustBeThatOf(algorithm, Parameters + ecdsa.ExportECPrivateKeyPem());
    }

    [Theory]
    [InlineData(JwsAlgorithm.RS256)]
    [InlineData(JwsAlgorithm.PS256)]
    public void An_RSA_key_is_imported_from_PKCS8_and_PKCS1(JwsAlgorithm algorithm)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Sample.Key(algorithm).ExportPrivate(), out _);
        foreach (var pem in (string[])[rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem()]) MustBeThatOf(algorithm, pem);
        MustBeThatOf(algorithm, "a comment\r\n" + rsa.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\r\n") + "\r\nanother\r\n");
    }

    [Fact]
    public void Whatever_is_not_exactly_one_private_key_is_refused()
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(Sample.Es256.ExportPrivate(), out _);
        var pem = ecdsa.ExportPkcs8PrivateKeyPem();
        string[] others =
        [
            "", "key", Parameters, pem + "\n" + pem, pem + "\n" + ecdsa.ExportSubjectPublicKeyInfoPem(), ecdsa.ExportSubjectPublicKeyInfoPem(),
            ecdsa.ExportEncryptedPkcs8PrivateKeyPem("word", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)),
            pem.Replace("PRIVATE KEY", "EC PRIVATE KEY"), pem.Replace("PRIVATE KEY", "RSA PRIVATE KEY"), pem.Replace("PRIVATE KEY", "private key"),
            pem.Replace("-----END PRIVATE KEY-----", ""), PemEncoding.WriteString("PRIVATE KEY", [.. Sample.Es256.ExportPrivate(), 0]),
            PemEncoding.WriteString("PRIVATE KEY", Sample.Es256.ExportPrivate().AsSpan()[..^1]), PemEncoding.WriteString("PRIVATE KEY", []),
        ];
        Assert.All(others, text => Assert.ThrowsAny<CryptographicException>(() => SigningKey.ImportPem(JwsAlgorithm.ES256, text)));
    }

    [Fact]
    public void A_key_of_another_kind_curve_or_size_is_refused()
    {
        foreach (var key in Sample.All.Where(key => key.Algorithm != JwsAlgorithm.HS256))
        {
            var pem = PemEncoding.WriteString("PRIVATE KEY", key.ExportPrivate());
            foreach (var other in Enum.GetValues<JwsAlgorithm>().Where(other => Kind(other) != Kind(key.Algorithm)))
                Assert.ThrowsAny<CryptographicException>(() => SigningKey.ImportPem(other, pem));
        }
        using var brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        Assert.ThrowsAny<CryptographicException>(() => SigningKey.ImportPem(JwsAlgorithm.ES256, brainpool.ExportPkcs8PrivateKeyPem()));
        using var small = RSA.Create(1024);
        Assert.ThrowsAny<CryptographicException>(() => SigningKey.ImportPem(JwsAlgorithm.RS256, small.ExportPkcs8PrivateKeyPem()));
    }

    private static void MustBeThatOf(JwsAlgorithm algorithm, string pem)
    {
        using var key = SigningKey.ImportPem(algorithm, pem);
        Assert.Equal((algorithm, Sample.Key(algorithm).KeyId), (key.Algorithm, key.KeyId));
    }

    private static string Kind(JwsAlgorithm algorithm) => algorithm is JwsAlgorithm.RS256 or JwsAlgorithm.PS256 ? "RSA" : algorithm.Name();
}
