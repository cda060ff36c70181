using System.Text.Json;

namespace Avouch.Protocol.Tests;

/// <summary>The appendices of RFC 7515 and the thumbprints of RFC 7638 and RFC 8037.</summary>
public class RfcTests
{
    [Fact]
    public void Every_compact_row_of_RFC_7515_is_right()
    {
        var counts = (Accepted: 0, Refused: 0, OtherAlgorithm: 0, NotCompact: 0);
        foreach (var row in Vectors.Read("rfc/jose.json").GetProperty("jws").EnumerateArray())
        {
            var token = WycheproofKeys.Text(row, "compact") ?? row.GetProperty("json").GetRawText();
            var isValid = WycheproofKeys.Text(row, "expect") == "valid";
            if (isValid && JwsAlgorithms.TryParse(WycheproofKeys.Text(row, "alg"), out var algorithm))
            {
                Assert.True(Jws.TryVerify(token, KeyOf(row.GetProperty("key"), algorithm), out _, out _));
                counts.Accepted++;
                continue;
            }
            Assert.All(Sample.All, key => Assert.False(Jws.TryVerify(token, key.Verification, out _, out _)));
            if (!row.TryGetProperty("compact", out _)) counts.NotCompact++;
            else if (isValid) counts.OtherAlgorithm++;
            else counts.Refused++;
        }
        Assert.Equal((3, 2, 1, 2), counts);
    }

    [Fact]
    public void Every_thumbprint_of_a_kind_of_ours_is_right()
    {
        var counts = (Ours: 0, Other: 0);
        foreach (var row in Vectors.Read("rfc/jose.json").GetProperty("thumbprints").EnumerateArray())
        {
            var key = row.GetProperty("key");
            Jwk? jwk = WycheproofKeys.Text(key, "kty") switch
            {
                "EC" => new EcJwk(WycheproofKeys.Text(key, "crv")!, WycheproofKeys.Text(key, "x")!, WycheproofKeys.Text(key, "y")!),
                "RSA" => new RsaJwk(WycheproofKeys.Text(key, "n")!, WycheproofKeys.Text(key, "e")!),
                _ => null,
            };
            counts = jwk is null ? (counts.Ours, counts.Other + 1) : (counts.Ours + 1, counts.Other);
            if (jwk is not null) Assert.Equal(WycheproofKeys.Text(row, "sha256"), jwk.Thumbprint());
        }
        Assert.Equal((2, 1), counts);
    }

    /// <summary>The keys of the RFC are private and name no algorithm.</summary>
    private static VerificationKey KeyOf(JsonElement key, JwsAlgorithm algorithm)
    {
        var members = key.EnumerateObject().Where(member => member.Name is not ("alg" or "use" or "key_ops")).ToDictionary(member => member.Name, member => member.Value);
        members["alg"] = JsonSerializer.SerializeToElement(algorithm.Name());
        return SigningKey.ImportJwk(JsonSerializer.SerializeToUtf8Bytes(members)).Verification;
    }
}
