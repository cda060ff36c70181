using System.Security.Cryptography;

namespace Avouch.Protocol.Tests;

public class SigningKeyTests
{
    [Fact]
    public void A_private_key_survives_export_and_import()
    {
        using var again = SigningKey.ImportES256(Sample.Es256.ExportPrivate());
        Assert.Equal(Sample.Es256.KeyId, again.KeyId);
        var signature = Sample.SignatureOf("input", again);
        Assert.True(Sample.Es256.Verification.Verify("input"u8, signature));
        Assert.False(Sample.Es256.Verification.Verify("inpuT"u8, signature));
    }

    [Fact]
    public void A_shared_secret_survives_export_and_import()
    {
        using var again = SigningKey.ImportHS256(Sample.Hs256.ExportPrivate());
        Assert.Equal(Sample.Hs256.KeyId, again.KeyId);
        Assert.Equal(Sample.SignatureOf("input", Sample.Hs256), Sample.SignatureOf("input", again));
    }

    [Fact]
    public void A_key_goes_by_its_thumbprint()
    {
        Assert.Equal(Sample.Es256.Verification.PublicJwk!.Thumbprint(), Sample.Es256.KeyId);
        Assert.Equal(43, Sample.Hs256.KeyId.Length);
        Assert.NotEqual(Sample.Hs256.KeyId, SigningKey.ImportHS256(new byte[32]).KeyId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void A_short_secret_is_refused(int length) => Assert.Throws<ArgumentException>(() => SigningKey.ImportHS256(new byte[length]));

    [Fact]
    public void A_key_of_another_curve_is_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<CryptographicException>(() => SigningKey.ImportES256(p384.ExportPkcs8PrivateKey()));
    }

    [Fact]
    public void Bytes_that_are_not_exactly_a_private_key_are_refused()
    {
        var pkcs8 = Sample.Es256.ExportPrivate();
        byte[][] others = [[], [1, 2, 3], [.. pkcs8, 0], pkcs8[..^1]];
        Assert.All(others, bytes => Assert.ThrowsAny<CryptographicException>(() => SigningKey.ImportES256(bytes)));
    }

    [Theory]
    [InlineData(JwsAlgorithm.ES256)]
    [InlineData(JwsAlgorithm.HS256)]
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
        SigningKey[] keys = [SigningKey.GenerateES256(), SigningKey.ImportHS256(RandomNumberGenerator.GetBytes(32))];
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

    [Fact]
    public void Many_threads_share_one_key()
    {
        var good = 0;
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            var signature = Sample.SignatureOf($"input {number}", Sample.Es256);
            if (Sample.Es256.Verification.Verify(System.Text.Encoding.UTF8.GetBytes($"input {number}"),
                signature)) Interlocked.Increment(ref good);
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
        Assert.Equal(2, Sample.Keys.Keys.Count);
        Assert.Throws<ArgumentException>(() => new KeyRing(Sample.Es256.Verification, Sample.Es256.Verification));
    }

    [Theory]
    [InlineData("HS256", true)]
    [InlineData("ES256", true)]
    [InlineData("es256", false)]
    [InlineData("none", false)]
    [InlineData("RS256", false)]
    [InlineData("", false)]
    public void Algorithms_have_exact_names(string name, bool known)
    {
        Assert.Equal(known, JwsAlgorithms.TryParse(name, out var algorithm));
        if (known) Assert.Equal(name, algorithm.Name());
    }
}
