using System.Security.Cryptography;

namespace Avouch.Protocol.Tests;

public class SigningKeyTests
{
    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void A_key_survives_export_and_import(JwsAlgorithm algorithm)
    {
        var key = Sample.Key(algorithm);
        using var again = SigningKey.Import(algorithm, key.ExportPrivate());
        Assert.Equal((algorithm, key.KeyId), (again.Algorithm, again.KeyId));
        var signature = Sample.SignatureOf("input", again);
        Assert.True(key.Verification.Verify("input"u8, signature));
        Assert.False(key.Verification.Verify("inpuT"u8, signature));
    }

    [Theory]
    [InlineData(JwsAlgorithm.HS256, 32)]
    [InlineData(JwsAlgorithm.ES256, 64)]
    [InlineData(JwsAlgorithm.ES384, 96)]
    [InlineData(JwsAlgorithm.RS256, 384)]
    [InlineData(JwsAlgorithm.PS256, 384)]
    public void A_new_key_signs(JwsAlgorithm algorithm, int signatureBytes)
    {
        using var key = SigningKey.Generate(algorithm);
        using var other = algorithm is JwsAlgorithm.RS256 or JwsAlgorithm.PS256 ? Sample.ShortRsa(algorithm) : SigningKey.Generate(algorithm);
        Assert.Equal((algorithm, signatureBytes), (key.Algorithm, key.SignatureLength));
        Assert.True(key.Verification.Verify("input"u8, Sample.SignatureOf("input", key)));
        Assert.NotEqual(key.KeyId, other.KeyId);
    }

    [Fact]
    public void A_key_goes_by_its_thumbprint()
    {
        Assert.Equal(Sample.Es256.Verification.PublicJwk!.Thumbprint(), Sample.Es256.KeyId);
        Assert.Equal(43, Sample.Hs256.KeyId.Length);
        Assert.NotEqual(Sample.Hs256.KeyId, SigningKey.Import(JwsAlgorithm.HS256, new byte[32]).KeyId);
    }

    [Theory]
    [Trait("ASVS", "11.2.3")]
    [InlineData(0)]
    [InlineData(31)]
    public void A_short_secret_is_refused(int length) =>
        Assert.ThrowsAny<CryptographicException>(() => SigningKey.Import(JwsAlgorithm.HS256, new byte[length]));

    [Fact]
    public void A_key_of_another_curve_is_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<CryptographicException>(() => SigningKey.Import(JwsAlgorithm.ES256, p384.ExportPkcs8PrivateKey()));
    }

    [Fact]
    public void Bytes_that_are_not_exactly_a_private_key_are_refused()
    {
        var pkcs8 = Sample.Es256.ExportPrivate();
        byte[][] others = [[], [1, 2, 3], [.. pkcs8, 0], pkcs8[..^1]];
        Assert.All(others, bytes => Assert.ThrowsAny<CryptographicException>(() => SigningKey.Import(JwsAlgorithm.ES256, bytes)));
    }

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void A_signature_of_a_wrong_length_is_false(JwsAlgorithm algorithm)
    {
        var key = Sample.Key(algorithm);
        var signature = Sample.SignatureOf("input", key);
        Assert.False(key.Verification.Verify("input"u8, []));
        Assert.False(key.Verification.Verify("input"u8, signature.AsSpan(1)));
        Assert.False(key.Verification.Verify("input"u8, [.. signature, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => key.Sign("input"u8, new byte[key.SignatureLength + 1]));
    }

    [Fact]
    public void A_disposed_key_signs_nothing_while_its_signatures_stay_good()
    {
        SigningKey[] keys =
        [
            SigningKey.Generate(JwsAlgorithm.ES256), SigningKey.Generate(JwsAlgorithm.ES384), SigningKey.Generate(JwsAlgorithm.HS256),
            Sample.ShortRsa(JwsAlgorithm.RS256), Sample.ShortRsa(JwsAlgorithm.PS256),
        ];
        foreach (var key in keys)
        {
            var signature = Sample.SignatureOf("input", key);
            key.Dispose();
            key.Dispose();
            Assert.Throws<ObjectDisposedException>(() => Sample.SignatureOf("input", key));
            Assert.Throws<ObjectDisposedException>(key.ExportPrivate);
            Assert.True(key.Verification.Verify("input"u8, signature));
        }
    }

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void Many_threads_share_one_key(JwsAlgorithm algorithm)
    {
        var key = Sample.Key(algorithm);
        var good = 0;
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            var signature = Sample.SignatureOf($"input {number}", key);
            if (key.Verification.Verify(System.Text.Encoding.UTF8.GetBytes($"input {number}"), signature)) Interlocked.Increment(ref good);
        });
        Assert.Equal(400, good);
    }

    [Fact]
    public void A_ring_finds_keys_by_name_and_refuses_two_of_one_name()
    {
        Assert.Same(Sample.Es256.Verification, Sample.Keys.Find(Sample.Es256.KeyId));
        Assert.Same(Sample.Es256.Verification, Sample.Keys.Find(System.Text.Encoding.UTF8.GetBytes(Sample.Es256.KeyId)));
        Assert.Null(Sample.Keys.Find("x"));
        Assert.Null(Sample.Keys.Find([]));
        Assert.Null(Sample.Keys.Find(new byte[300]));
        Assert.Equal(Sample.All.Length, Sample.Keys.Keys.Count);
        Assert.Throws<ArgumentException>(() => new KeyRing(Sample.Es256.Verification, Sample.Es256.Verification));
    }

    [Theory]
    [InlineData("HS256", true)]
    [InlineData("ES256", true)]
    [InlineData("es256", false)]
    [InlineData("none", false)]
    [InlineData("ES384", true)]
    [InlineData("RS256", true)]
    [InlineData("PS256", true)]
    [InlineData("rs256", false)]
    [InlineData("HS384", false)]
    [InlineData("RS512", false)]
    [InlineData("EdDSA", false)]
    [InlineData("", false)]
    public void Algorithms_have_exact_names(string name, bool known)
    {
        Assert.Equal(known, JwsAlgorithms.TryParse(name, out var algorithm));
        if (known) Assert.Equal(name, algorithm.Name());
    }
}
