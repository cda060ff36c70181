using System.Numerics;
using System.Security.Cryptography;

namespace Avouch.Protocol.Tests;

/// <summary>Which RSA keys are taken, at each border.</summary>
public class RsaRulesTests
{
    private static readonly byte[] Exponent = [1, 0, 1];

    [Theory]
    [InlineData(2047, "less than 2048")]
    [InlineData(2048, null)]
    [InlineData(2049, null)]
    [InlineData(3072, null)]
    [InlineData(8192, null)]
    [InlineData(8193, "more than 8192")]
    [InlineData(65536, "more than 8192")]
    public void A_modulus_has_2048_to_8192_bits(int bits, string? word) => MustSay(word, RsaRules.FindFault(Modulus(bits), Exponent));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("00010001", "zero")]
    [InlineData("01", "less than 3")]
    [InlineData("02", "even")]
    [InlineData("03", null)]
    [InlineData("11", null)]
    [InlineData("010000", "even")]
    [InlineData("010001", null)]
    [InlineData("FFFFFFFF", null)]
    [InlineData("0100000001", "more than 32")]
    public void An_exponent_is_odd_from_3_to_32_bits(string hex, string? word) => MustSay(word, RsaRules.FindFault(Modulus(2048), Convert.FromHexString(hex)));

    [Fact]
    public void A_modulus_is_odd_and_written_without_zeros_in_front()
    {
        var modulus = Modulus(2048);
        MustSay("zero", RsaRules.FindFault([0, .. modulus], Exponent));
        MustSay("even", RsaRules.FindFault([.. modulus[..^1], (byte)(modulus[^1] ^ 1)], Exponent));
        MustSay("empty", RsaRules.FindFault([], Exponent));
    }

    [Fact]
    public void A_key_of_the_broken_generator_is_told_from_others()
    {
        var broken = Vectors.Read("wycheproof/json_web_crypto_test.json").GetProperty("testGroups").EnumerateArray()
            .Single(group => WycheproofKeys.Text(group, "comment") == "jws_rsa_roca_key").GetProperty("public");

        Assert.False(Jwk.TryParse(WycheproofKeys.Bytes(broken), out _, out var reason));
        Assert.Contains("ROCA", reason, StringComparison.Ordinal);
        Assert.All((SigningKey[])[Sample.Rs256, Sample.Ps256], key => Assert.NotNull(key.Verification.PublicJwk));
    }

    [Fact]
    public void Keys_of_the_platform_are_consistent_and_not_once_a_number_is_another()
    {
        using var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(true);
        Assert.True(RsaRules.AreConsistent(key));
        Assert.False(RsaRules.AreConsistent(key with { P = key.Q, Q = key.P }));
        Assert.False(RsaRules.AreConsistent(key with { P = [1], Q = key.Modulus }));
        Assert.False(RsaRules.AreConsistent(key with { P = [0], Q = [0] }));
        Assert.False(RsaRules.AreConsistent(key with { D = key.Modulus }));
        Assert.False(RsaRules.AreConsistent(key with { DP = key.DQ }));
        Assert.False(RsaRules.AreConsistent(key with { InverseQ = key.DP }));
        Assert.False(RsaRules.AreConsistent(key with { Exponent = [3] }));
        Assert.False(RsaRules.AreConsistent(key with { InverseQ = Sum(key.InverseQ, key.P) }));   // right modulo p, and yet not the number
        Assert.False(RsaRules.AreConsistent(key with { D = Sum(key.D, key.Modulus) }));
    }

    /// <summary>A number of so many bits, odd, with nothing else that is special.</summary>
    private static byte[] Modulus(int bits)
    {
        var bytes = new byte[(bits + 7) / 8];
        new Random(bits).NextBytes(bytes);
        var top = (bits - 1) % 8;
        bytes[0] = (byte)((bytes[0] & ((1 << top) - 1)) | (1 << top));
        bytes[^1] |= 1;
        return bytes;
    }

    private static byte[] Sum(byte[]? left, byte[]? right) =>
        (new BigInteger(left, isUnsigned: true, isBigEndian: true) + new BigInteger(right, isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);

    private static void MustSay(string? word, string? fault)
    {
        if (word is null) Assert.Null(fault);
        else Assert.Contains(word, fault);
    }
}
