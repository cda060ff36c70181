using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Avouch.Protocol.Tests;

/// <summary>RFC 7520. Each file of the folder stands in one test here, or is one of those that are not ours, by name.</summary>
public class CookbookTests
{
    private const string Folder = "rfc7520-cookbook";

    private static readonly string[] Applicable =
    [
        "jwk__3_1", "jwk__3_2", "jwk__3_3", "jwk__3_4", "jwk__3_5", "jwk__3_6",
        "jws__4_1", "jws__4_2", "jws__4_3", "jws__4_4", "jws__4_5", "jws__4_6", "jws__4_7", "jws__4_8", "6.nesting", "rfc7797__4.2", "rfc7797__hmac",
    ];

    // Encryption, and curves that we have no algorithm for.
    private static readonly string[] NotOurs = ["jwe__", "curve25519__"];

    [Fact]
    public void Every_file_has_its_place()
    {
        var files = Vectors.List(Folder);

        Assert.Equal((17, 15), (files.Count(file => Applicable.Any(file.StartsWith)), files.Count(file => NotOurs.Any(file.StartsWith))));
        Assert.Equal(32, files.Count);
    }

    [Theory]
    [InlineData("jwk__3_1.ec_public_key.json", "crv")]      // P-521
    [InlineData("jwk__3_2.ec_private_key.json", "private")]
    [InlineData("jwk__3_3.rsa_public_key.json", "alg")]     // stricter: an RSA key of ours names its algorithm
    [InlineData("jwk__3_4.rsa_private_key.json", "private")]
    [InlineData("jwk__3_5.symmetric_key_mac_computation.json", "symmetric")]
    [InlineData("jwk__3_6.symmetric_key_encryption.json", "symmetric")]
    public void As_public_keys_they_are_refused(string file, string word)
    {
        Assert.False(Jwk.TryParse(WycheproofKeys.Bytes(Read(file)), out _, out var reason));
        Assert.Contains(word, reason);
    }

    [Theory]
    [InlineData("jwk__3_1.ec_public_key.json", null, null)]
    [InlineData("jwk__3_2.ec_private_key.json", null, null)]
    [InlineData("jwk__3_3.rsa_public_key.json", "RS256", null)]
    [InlineData("jwk__3_4.rsa_private_key.json", null, null)]
    [InlineData("jwk__3_4.rsa_private_key.json", "RS256", JwsAlgorithm.RS256)]
    [InlineData("jwk__3_4.rsa_private_key.json", "PS256", JwsAlgorithm.PS256)]
    [InlineData("jwk__3_5.symmetric_key_mac_computation.json", null, JwsAlgorithm.HS256)]
    [InlineData("jwk__3_6.symmetric_key_encryption.json", null, null)]
    public void As_private_keys_they_are_taken_with_an_algorithm_of_ours(string file, string? algorithm, JwsAlgorithm? expected)
    {
        var key = With(Read(file), algorithm);

        if (expected is null) Assert.ThrowsAny<CryptographicException>(() => SigningKey.ImportJwk(key));
        else Assert.Equal(expected, SigningKey.ImportJwk(key).Algorithm);
    }

    [Fact]
    public void An_RSA_public_key_is_read_once_it_names_its_algorithm() =>
        Assert.True(Jwk.TryParse(With(Read("jwk__3_3.rsa_public_key.json"), "RS256"), out _, out _));

    // 4.4, 4.5 and 4.6 share a key; 4.5 leaves the payload out of its output and 4.6 puts the kid beside the signature.
    [Theory]
    [InlineData("jws__4_1.rsa_v15_signature.json", "RS256")]
    [InlineData("jws__4_4.hmac-sha2_integrity_protection.json", null)]
    [InlineData("jws__4_5.signature_with_detached_content.json", null)]
    [InlineData("jws__4_6.protecting_specific_header_fields.json", null)]
    public void They_are_made_to_the_letter_and_accepted(string file, string? algorithm)
    {
        var (input, signing) = (Read(file).GetProperty("input"), Read(file).GetProperty("signing"));
        using var key = SigningKey.ImportJwk(With(input.GetProperty("key"), algorithm));

        var token = Jws.Sign(key, Base64.Decode(Text(signing, "protected_b64u")), Encoding.UTF8.GetBytes(Text(input, "payload")));

        Assert.Equal($"{Text(signing, "sig-input")}.{Text(signing, "sig")}", token);
        Assert.True(Jws.TryVerify(token, key.Verification, out var payload, out _));
        Assert.Equal(Text(input, "payload"), Encoding.UTF8.GetString(payload));
    }

    [Theory]
    [InlineData("jws__4_2.rsa-pss_signature.json", TokenFault.WrongAlgorithm)]   // PS384
    [InlineData("jws__4_3.ecdsa_signature.json", TokenFault.WrongAlgorithm)]     // ES512
    [InlineData("jws__4_5.signature_with_detached_content.json", TokenFault.WrongAlgorithm)]
    [InlineData("rfc7797__hmac-sha2_b64_false.json", TokenFault.Malformed)]   // its payload stands there as it is
    public void What_is_not_ours_is_refused(string file, TokenFault expected)
    {
        Assert.False(Jws.TryVerify(Text(Read(file).GetProperty("output"), "compact"), Sample.Ps256.Verification, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void Unencoded_payloads_of_RFC_7797_are_refused()
    {
        var signature = Read("rfc7797__4.2.hmac-sha2_b64_false.json").GetProperty("output").GetProperty("json").GetProperty("signatures")[0];

        Assert.False(Jws.TryVerify($"{Text(signature, "protected")}.AA.{Text(signature, "signature")}", Sample.Hs256.Verification, out _, out var fault));
        Assert.Equal(TokenFault.UnsupportedHeader, fault);
    }

    [Fact]
    public void A_signature_without_protected_header_is_refused()
    {
        var example = Read("jws__4_7.protecting_content_only.json");
        using var key = SigningKey.ImportJwk(With(example.GetProperty("input").GetProperty("key"), null));
        var signing = example.GetProperty("signing");

        Assert.False(Jws.TryVerify($"{Text(signing, "sig-input")}.{Text(signing, "sig")}", key.Verification, out _, out var fault));
        Assert.Equal(TokenFault.Malformed, fault);
    }

    [Fact]
    public void Of_several_signatures_each_protected_one_of_ours_holds_on_its_own_and_the_JSON_form_never()
    {
        var example = Read("jws__4_8.multiple_signatures.json");
        var (keys, accepted) = (example.GetProperty("input").GetProperty("key"), 0);
        foreach (var (key, signing) in keys.EnumerateArray().Zip(example.GetProperty("signing").EnumerateArray()))
            if (signing.TryGetProperty("protected", out var header) && JwsAlgorithms.TryParse(Text(header, "alg"), out var algorithm))
            {
                using var ours = SigningKey.ImportJwk(With(key, algorithm.Name()));
                Assert.True(Jws.TryVerify($"{Text(signing, "sig-input")}.{Text(signing, "sig")}", ours.Verification, out _, out _));
                Assert.False(Jws.TryVerify(example.GetProperty("output").GetProperty("json").GetRawText(), ours.Verification, out _, out _));
                accepted++;
            }
        Assert.Equal(2, accepted);
    }

    [Fact]
    public void The_signed_half_of_a_nested_token_is_accepted_and_the_encrypted_whole_is_not()
    {
        var example = Read("6.nesting_signatures_and_encryption.json");
        var sign = example.GetProperty("sign");
        using var key = SigningKey.ImportJwk(With(sign.GetProperty("input").GetProperty("key"), "PS256"));

        Assert.True(Jws.TryVerify(Text(sign.GetProperty("output"), "compact"), key.Verification, out var payload, out _));
        Assert.Equal(Text(sign.GetProperty("input"), "payload"), Encoding.UTF8.GetString(payload));
        Assert.False(Jws.TryVerify(Text(example.GetProperty("encrypt").GetProperty("output"), "compact"), key.Verification, out _, out _));
    }

    private static JsonElement Read(string file) => Vectors.Read($"{Folder}/{file}");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static byte[] With(JsonElement key, string? algorithm)
    {
        var members = JsonNode.Parse(key.GetRawText())!.AsObject();
        if (algorithm is not null) members["alg"] = algorithm;
        return Encoding.UTF8.GetBytes(members.ToJsonString());
    }
}
