using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Avouch.Protocol.Tests;

/// <summary>Signatures that a careless verifier takes: out of range, in another form, of another length.</summary>
public class ForgedSignatureTests
{
    private static readonly byte[] Input = Encoding.ASCII.GetBytes("header.payload");

    // the orders of the curves, SEC 2 §2.4.2 and §2.5.1
    public static TheoryData<JwsAlgorithm, string> Orders => new()
    {
        { JwsAlgorithm.ES256, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551" },
        { JwsAlgorithm.ES384, "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973" },
    };

    // CVE-2022-21449 and its neighbours
    [Theory]
    [MemberData(nameof(Orders))]
    public void Numbers_out_of_range_are_refused(JwsAlgorithm algorithm, string hex)
    {
        var (key, order) = (Sample.Key(algorithm), Convert.FromHexString(hex));
        var half = order.Length;
        var (zero, one, all) = (new byte[half], (byte[])[.. new byte[half - 1], 1], Enumerable.Repeat((byte)255, half).ToArray());
        var good = Sample.SignatureOf("header.payload", key);
        var (r, s) = (good[..half], good[half..]);
        byte[][] numbers = [zero, one, order, all, [.. order[..^1], (byte)(order[^1] - 1)]];

        Assert.True(key.Verification.Verify(Input, good));
        foreach (var number in numbers)
        {
            Assert.All(numbers, other => Assert.False(key.Verification.Verify(Input, [.. number, .. other])));
            Assert.False(key.Verification.Verify(Input, [.. r, .. number]));
            Assert.False(key.Verification.Verify(Input, [.. number, .. s]));
        }
        Assert.False(key.Verification.Verify(Input, [.. s, .. r]));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void DER_and_widths_of_other_curves_are_refused(JwsAlgorithm algorithm, string hex)
    {
        var (key, half) = (Sample.Key(algorithm), hex.Length / 2);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(key.ExportPrivate(), out _);
        var hash = algorithm == JwsAlgorithm.ES384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        var good = Sample.SignatureOf("header.payload", key);
        var (r, s) = (good[..half], good[half..]);

        for (var times = 0; times < 20; times++) // DER differs in length from one to the next
            Assert.False(key.Verification.Verify(Input, ecdsa.SignData(Input, hash, DSASignatureFormat.Rfc3279DerSequence)));
        foreach (var width in (int[])[32, 48, 64, 66])
            if (width > half)
                Assert.False(key.Verification.Verify(Input, [.. new byte[width - half], .. r, .. new byte[width - half], .. s]));
        Assert.False(key.Verification.Verify(Input, ecdsa.SignData(Input, HashAlgorithmName.SHA512)));
    }

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void Every_other_length_is_refused(JwsAlgorithm algorithm)
    {
        var key = Sample.Key(algorithm);
        var good = Sample.SignatureOf("header.payload", key);
        for (var length = 0; length < good.Length; length++)
        {
            Assert.False(key.Verification.Verify(Input, good.AsSpan(0, length)));
            Assert.False(key.Verification.Verify(Input, good.AsSpan(good.Length - length)));
        }
        Assert.All((byte[][])[[0, .. good], [.. good, 0], [.. good, .. good]], longer => Assert.False(key.Verification.Verify(Input, longer)));
    }

    // RFC 8017 §5.2.2: a representative must be below the modulus
    [Theory]
    [InlineData(JwsAlgorithm.RS256)]
    [InlineData(JwsAlgorithm.PS256)]
    public void An_RSA_signature_plus_the_modulus_is_refused(JwsAlgorithm algorithm)
    {
        var key = Sample.Key(algorithm);
        var modulus = new BigInteger(Base64.Decode(((RsaJwk)key.Verification.PublicJwk!).Modulus), isUnsigned: true, isBigEndian: true);
        var limit = BigInteger.One << (8 * key.SignatureLength);
        byte[]? shifted = null;
        var input = "";
        for (var number = 0; shifted is null; number++)
        {
            input = $"header.{number}";
            var sum = new BigInteger(Sample.SignatureOf(input, key), isUnsigned: true, isBigEndian: true) + modulus;
            if (sum < limit) shifted = sum.ToByteArray(isUnsigned: true, isBigEndian: true);
        }

        Assert.Equal(key.SignatureLength, shifted.Length);
        Assert.False(key.Verification.Verify(Encoding.ASCII.GetBytes(input), shifted));
    }

    [Theory]
    [InlineData(JwsAlgorithm.RS256)]
    [InlineData(JwsAlgorithm.PS256)]
    public void Trivial_RSA_signatures_are_refused(JwsAlgorithm algorithm)
    {
        var (key, length) = (Sample.Key(algorithm), Sample.Key(algorithm).SignatureLength);
        var modulus = Base64.Decode(((RsaJwk)key.Verification.PublicJwk!).Modulus);
        byte[][] trivial = [new byte[length], [.. new byte[length - 1], 1], [.. modulus[..^1], (byte)(modulus[^1] - 1)], modulus, [.. Enumerable.Repeat((byte)255, length)]];

        Assert.All(trivial, signature => Assert.False(key.Verification.Verify(Input, signature)));
    }

    // salts of other lengths are among Wycheproof's rows
    [Fact]
    public void Another_hash_under_the_same_padding_is_refused()
    {
        using var rsa = RSA.Create();
        foreach (var (key, padding) in ((SigningKey, RSASignaturePadding)[])[(Sample.Ps256, RSASignaturePadding.Pss), (Sample.Rs256, RSASignaturePadding.Pkcs1)])
        {
            rsa.ImportPkcs8PrivateKey(key.ExportPrivate(), out _);
            Assert.True(key.Verification.Verify(Input, rsa.SignData(Input, HashAlgorithmName.SHA256, padding)));
            foreach (var hash in (HashAlgorithmName[])[HashAlgorithmName.SHA1, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512])
                Assert.False(key.Verification.Verify(Input, rsa.SignData(Input, hash, padding)));
        }
    }
}
