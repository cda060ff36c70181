using System.Text;

namespace Avouch.Protocol.Tests;

public class JwsTests
{
    // RFC 7515 appendix A: the payload that A.1, A.3 and A.5 share.
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string Hs256Token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + Payload + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private const string Es256Token =
        "eyJhbGciOiJFUzI1NiJ9." + Payload + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static readonly SigningKey Hs256 =
        SigningKey.Import(JwsAlgorithm.HS256, Decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));

    private static readonly VerificationKey Es256 =
        new EcJwk("P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0").ToVerificationKey();

    [Fact]
    public void Rfc7515_A1_is_made_and_accepted()
    {
        Assert.Equal(Hs256Token, Jws.Sign(Hs256, "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"u8, Decode(Payload)));
        Assert.True(Jws.TryVerify(Hs256Token, Hs256.Verification, out var payload, out _));
        Assert.Equal("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}",
            Encoding.UTF8.GetString(payload));
    }

    [Fact]
    public void Rfc7515_A3_is_accepted()
    {
        Assert.True(Jws.TryVerify(Es256Token, Es256, out var payload, out var fault));
        Assert.Equal(TokenFault.None, fault);
        Assert.Equal(Decode(Payload), payload);
    }

    [Fact]
    public void Rfc7515_A5_is_refused_by_every_key()
    {
        const string Unsecured = "eyJhbGciOiJub25lIn0." + Payload + ".";
        Assert.All([Hs256.Verification, Es256], key => Assert.Equal(TokenFault.WrongAlgorithm, Fault(Unsecured, key)));
    }

    [Fact]
    [Trait("ASVS", "11.6.1")]
    [Trait("ASVS", "9.1.2")]
    public void A_key_refuses_the_algorithm_of_another()
    {
        Assert.Equal(TokenFault.WrongAlgorithm, Fault(Hs256Token, Es256));
        Assert.Equal(TokenFault.WrongAlgorithm, Fault(Es256Token, Hs256.Verification));
    }

    [Fact]
    public void A_ring_finds_the_key_by_its_name_and_asks_for_the_type()
    {
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"ES256","kid":"{{Sample.Es256.KeyId}}","typ":"JWT"}""");
        var token = Jws.Sign(Sample.Es256, header, "{}"u8);
        Assert.True(Jws.TryVerify(token, Sample.Keys, "jwt"u8, out var payload, out _));
        Assert.Equal("{}"u8, payload);
        Assert.False(Jws.TryVerify(token, Sample.Keys, "at+jwt"u8, out _, out var wrongType));
        Assert.Equal(TokenFault.WrongType, wrongType);
        Assert.False(Jws.TryVerify(token, KeyRing.Empty, "JWT"u8, out _, out var unknownKey));
        Assert.Equal(TokenFault.UnknownKey, unknownKey);
    }

    [Fact]
    public void Any_payload_comes_back() => Property.Holds<byte[]>(bytes =>
    {
        var token = Jws.Sign(Sample.Es256, """{"alg":"ES256"}"""u8, bytes);
        return Jws.TryVerify(token, Sample.Es256.Verification, out var payload, out _) && payload.AsSpan().SequenceEqual(bytes);
    }, times: 200);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS256"}""")]
    [InlineData("""{"alg":"ES256","crit":["exp"]}""")]
    [InlineData("""{"alg":"ES256","alg":"ES256"}""")]
    public void A_header_that_nobody_would_accept_is_not_signed(string header) =>
        Assert.Throws<ArgumentException>(() => Jws.Sign(Sample.Es256, Encoding.UTF8.GetBytes(header), "{}"u8));

    [Fact]
    public void A_token_that_nobody_would_read_is_not_signed()
    {
        var token = Jws.Sign(Sample.Hs256, """{"alg":"HS256"}"""u8, new byte[6095]);
        Assert.Equal(Jws.MaxLength, token.Length);
        Assert.Equal(TokenFault.None, Fault(token, Sample.Hs256.Verification));
        Assert.Equal(TokenFault.TooLong, Fault(token + "A", Sample.Hs256.Verification));
        Assert.Throws<ArgumentException>(() => Jws.Sign(Sample.Hs256, """{"alg":"HS256"}"""u8, new byte[6097]));
    }

    private static TokenFault Fault(string token, VerificationKey key) =>
        Jws.TryVerify(token, key, out _, out var fault) ? TokenFault.None : fault;

    private static byte[] Decode(string text)
    {
        var bytes = new byte[Base64UrlStrict.DecodedLength(text.Length)];
        Assert.True(Base64UrlStrict.TryDecode(text, bytes, out _));
        return bytes;
    }
}
