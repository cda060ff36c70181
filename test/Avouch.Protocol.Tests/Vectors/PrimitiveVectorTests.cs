using System.Security.Cryptography;
using System.Text.Json;

namespace Avouch.Protocol.Tests;

/// <summary>Wycheproof's rows for the signatures under our algorithms: what the platform does is checked, not believed.</summary>
public class PrimitiveVectorTests
{
    [Theory]
    [InlineData("ecdsa_secp256r1_sha256_p1363_test.json", 173, 89)]
    [InlineData("rsa_signature_2048_sha256_test.json", 9, 250)]   // the one "acceptable" row lacks the NULL of RFC 8017 §9.2 note 1: refused
    [InlineData("rsa_pss_2048_sha256_mgf1_32_test.json", 63, 45)]
    public void Every_signature_is_right(string file, int valid, int refused)
    {
        var counts = (Valid: 0, Refused: 0);
        foreach (var group in Vectors.Read($"wycheproof/{file}").GetProperty("testGroups").EnumerateArray())
        {
            var key = KeyOf(group);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var isValid = test.GetProperty("result").GetString() == "valid";
                Assert.True(isValid == key.Verify(Hex(test, "msg"), Hex(test, "sig")), $"{file} {test.GetProperty("tcId")}");
                counts = isValid ? (counts.Valid + 1, counts.Refused) : (counts.Valid, counts.Refused + 1);
            }
        }
        Assert.Equal((valid, refused), counts);
    }

    /// <summary>Applicable: keys of at least 32 bytes. Of their rows, tags cut short are refused although the file calls them valid.</summary>
    [Fact]
    public void Every_MAC_is_right()
    {
        var counts = (Valid: 0, Refused: 0, ShortKey: 0);
        foreach (var group in Vectors.Read("wycheproof/hmac_sha256_test.json").GetProperty("testGroups").EnumerateArray())
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                if (Hex(test, "key").Length < 32)
                {
                    Assert.ThrowsAny<CryptographicException>(() => SigningKey.Import(JwsAlgorithm.HS256, Hex(test, "key")));
                    counts.ShortKey++;
                    continue;
                }
                var isValid = test.GetProperty("result").GetString() == "valid" && group.GetProperty("tagSize").GetInt32() == 256;
                Assert.Equal(isValid, SigningKey.Import(JwsAlgorithm.HS256, Hex(test, "key")).Verification.Verify(Hex(test, "msg"), Hex(test, "tag")));
                counts = isValid ? (counts.Valid + 1, counts.Refused, counts.ShortKey) : (counts.Valid, counts.Refused + 1, counts.ShortKey);
            }
        Assert.Equal((30, 138, 6), counts);
    }

    private static VerificationKey KeyOf(JsonElement group)
    {
        var pem = group.GetProperty("publicKeyPem").GetString()!;
        if (group.GetProperty("type").GetString() == "EcdsaP1363Verify")
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return EcdsaVerificationKey.Of(EcdsaScheme.ES256, ecdsa.ExportParameters(false).Q);
        }
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        var scheme = group.GetProperty("type").GetString() == "RsassaPssVerify" ? RsaScheme.PS256 : RsaScheme.RS256;
        return RsaVerificationKey.Of(scheme, rsa.ExportParameters(false));
    }

    private static byte[] Hex(JsonElement test, string name) => Convert.FromHexString(test.GetProperty(name).GetString()!);
}
