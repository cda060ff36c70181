using System.Text;
using System.Text.Json.Nodes;

namespace Avouch.Protocol.Tests;

public class AccessTokenTests
{
    private static readonly DateTimeOffset Now = Sample.Now;

    [Theory]
    [InlineData(JwsAlgorithm.ES256)]
    [InlineData(JwsAlgorithm.HS256)]
    public void Every_claim_comes_back(JwsAlgorithm algorithm)
    {
        var token = Sample.Token();
        Assert.True(AccessToken.TryVerify(token.Mint(Sample.Key(algorithm)), Sample.Keys, Sample.Issuer, Now, out var read, out _));
        AssertSame(token, read);
    }

    [Fact]
    public void The_first_token_of_a_key_is_as_good_as_the_next()
    {
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var keys = new KeyRing(key.Verification);
        Assert.Equal(TokenFault.None, Sample.Verify(Sample.Token().Mint(key), keys: keys));
        Assert.Equal(TokenFault.None, Sample.Verify(Sample.Token().Mint(key), keys: keys));
    }

    [Fact]
    public void The_wire_form_is_frozen()
    {
        var segments = Sample.Token().Mint(Sample.Es256).Split('.');
        Assert.Equal(Base64UrlStrict.Encode(Encoding.UTF8.GetBytes(Sample.Header())), segments[0]);
        Assert.Equal(
            """
            {"iss":"https://login.example.com","sub":"0195a1c0-0000-7000-8000-000000000001","aud":"https://login.example.com","client_id":"avouch",
            "sid":"0195a1c0-0000-7000-8000-000000000002","epoch":7,"jti":"0195a1c0-0000-7000-8000-000000000003","scope":"avouch:account openid",
            "roles":["admin","user"],"iat":1772366400,"exp":1772367300,"auth_time":1772362800}
            """.ReplaceLineEndings(""),
            Sample.Claims().ToJsonString());
    }

    [Fact]
    public void Several_audiences_are_an_array_and_each_is_one()
    {
        var token = Sample.Token() with { Audiences = ["https://a.example", Sample.Issuer] };
        Assert.True(AccessToken.TryVerify(token.Mint(Sample.Es256), Sample.Keys, Sample.Issuer, Now, out var read, out _));
        Assert.True(read.HasAudience("https://a.example"));
        Assert.True(read.HasAudience(Sample.Issuer));
        Assert.False(read.HasAudience("https://a.example/"));
        Assert.False(read.HasAudience("HTTPS://a.example"));
        Assert.False(read.HasAudience(""));
    }

    [Fact]
    public void What_may_be_absent_is_absent()
    {
        var token = Sample.Token() with { Scope = default, AuthenticatedAt = null, Roles = [] };
        Assert.True(AccessToken.TryVerify(token.Mint(Sample.Es256), Sample.Keys, Sample.Issuer, Now, out var read, out _));
        AssertSame(token, read);
    }

    [Fact]
    public void A_fraction_of_a_second_is_cut_off()
    {
        var token = Sample.Token() with { ExpiresAt = Now.AddMinutes(15).AddMilliseconds(999) };
        Assert.True(AccessToken.TryVerify(token.Mint(Sample.Es256), Sample.Keys, Sample.Issuer, Now, out var read, out _));
        Assert.Equal(Now.AddMinutes(15), read.ExpiresAt);
    }

    [Fact]
    [Trait("ASVS", "9.2.1")]
    public void It_works_until_the_second_at_which_it_expires()
    {
        var token = Sample.Token().Mint(Sample.Es256);
        var end = Sample.Token().ExpiresAt;
        Assert.Equal(TokenFault.None, Sample.Verify(token));
        Assert.Equal(TokenFault.None, Sample.Verify(token, end.AddSeconds(-1)));
        Assert.Equal(TokenFault.None, Sample.Verify(token, end.AddTicks(-1)));
        Assert.Equal(TokenFault.Expired, Sample.Verify(token, end));
        Assert.Equal(TokenFault.Expired, Sample.Verify(token, end.AddYears(1)));
    }

    [Theory]
    [Trait("ASVS", "9.2.1")]
    [InlineData("iat")]
    [InlineData("nbf")]
    public void The_issuers_clock_may_be_60_seconds_ahead(string claim)
    {
        Assert.Equal(TokenFault.None, Sample.Verify(With(claim, Now.ToUnixTimeSeconds())));
        Assert.Equal(TokenFault.None, Sample.Verify(With(claim, Now.ToUnixTimeSeconds() + 60)));
        Assert.Equal(TokenFault.NotYetValid, Sample.Verify(With(claim, Now.ToUnixTimeSeconds() + 61)));
        Assert.Equal(TokenFault.NotYetValid, Sample.Verify(With(claim, Now.ToUnixTimeSeconds() + 60), Now.AddTicks(-1)));
    }

    [Theory]
    [InlineData("https://login.example.com/")]
    [InlineData("https://LOGIN.example.com")]
    [InlineData("https://evil.example.com")]
    public void Another_issuer_is_refused(string issuer) => Assert.Equal(TokenFault.WrongIssuer, Sample.Verify(With("iss", issuer)));

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("aud")]
    [InlineData("client_id")]
    [InlineData("sid")]
    [InlineData("epoch")]
    [InlineData("jti")]
    [InlineData("roles")]
    [InlineData("iat")]
    [InlineData("exp")]
    public void A_required_claim_is_required_and_stands_once(string claim)
    {
        var claims = Sample.Claims();
        var twice = claims.ToJsonString()[..^1] + $",\"{claim}\":{claims[claim]!.ToJsonString()}}}";
        claims.Remove(claim);
        Assert.Equal(TokenFault.BadClaims, Sample.Verify(Sample.Forge(Sample.Header(), claims.ToJsonString())));
        Assert.Equal(TokenFault.BadClaims, Sample.Verify(Sample.Forge(Sample.Header(), twice)));
        Assert.Equal(TokenFault.BadClaims, Sample.Verify(With(claim, null)));
    }

    [Fact]
    public void Unknown_claims_are_ignored_and_escapes_are_read()
    {
        var claims = Sample.Claims().ToJsonString()[..^1] + ""","cnf":{"jkt":"x","jkt":[1,{}]},"e\u0078tra":"\ud83d\ude00"}""";
        Assert.Equal(TokenFault.None, Sample.Verify(Sample.Forge(Sample.Header(), claims)));
        Assert.Equal(TokenFault.None, Sample.Verify(Sample.Forge(Sample.Header(), claims.Replace("\"iss\"", "\"\\u0069ss\""))));
        Assert.Equal(TokenFault.BadClaims, Sample.Verify(Sample.Forge(Sample.Header(), claims.Replace("\"cnf\"", "\"\\u0069ss\""))));
    }

    [Theory]
    [Trait("ASVS", "9.2.2")]
    [InlineData("at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    [InlineData("Application/At+Jwt")]
    [InlineData("at\\u002Bjwt")]
    public void The_type_is_a_media_type(string type) =>
        Assert.Equal(TokenFault.None, Sample.Verify(Sample.Forge(Sample.Header().Replace("at+jwt", type), Sample.Claims().ToJsonString())));

    [Fact]
    public void A_withdrawn_key_is_refused() =>
        Assert.Equal(TokenFault.UnknownKey, Sample.Verify(Sample.Token().Mint(Sample.Es256), keys: new KeyRing(Sample.Hs256.Verification)));

    [Fact]
    public void What_its_reader_would_refuse_is_not_minted()
    {
        var token = Sample.Token();
        AccessToken[] wrong =
        [
            token with { Issuer = "" }, token with { ClientId = "" }, token with { Audiences = [] }, token with { Audiences = [""] },
            token with { Epoch = -1 }, token with { Roles = [""] }, token with { Roles = [new string('r', 8192)] },
        ];
        Assert.All(wrong, one => Assert.ThrowsAny<ArgumentException>(() => one.Mint(Sample.Es256)));
        Assert.Equal(TokenFault.None, Sample.Verify(token.Mint(Sample.Es256)));
    }

    [Fact]
    public void Any_claims_that_can_be_minted_can_be_read() =>
        Property.Holds<(string Client, string[] Roles, Guid Subject, long Epoch)>(row =>
    {
        if (!IsText(row.Client) || !row.Roles.All(IsText)) return true;
        var token = Sample.Token() with
        {
            ClientId = row.Client,
            Roles = row.Roles,
            Subject = row.Subject,
            Epoch = row.Epoch & long.MaxValue,
        };
        Assert.True(AccessToken.TryVerify(token.Mint(Sample.Hs256), Sample.Keys, Sample.Issuer, Now, out var read, out _));
        AssertSame(token, read);
        return true;
    });

    [Theory]
    [Trait("ASVS", "9.1.1")]
    [InlineData(JwsAlgorithm.ES256)]
    [InlineData(JwsAlgorithm.HS256)]
    public void Any_flipped_bit_fails(JwsAlgorithm algorithm)
    {
        var token = Sample.Token().Mint(Sample.Key(algorithm)).ToCharArray();
        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            token[bit / 8] ^= (char)(1 << (bit % 8));
            Assert.NotEqual(TokenFault.None, Sample.Verify(new string(token)));
            token[bit / 8] ^= (char)(1 << (bit % 8));
        }
        Assert.Equal(TokenFault.None, Sample.Verify(new string(token)));
    }

    private static bool IsText(string? text) => !string.IsNullOrEmpty(text) && !text.Any(char.IsSurrogate);

    private static string With(string claim, JsonNode? value)
    {
        var claims = Sample.Claims();
        claims[claim] = value;
        return Sample.Forge(Sample.Header(), claims.ToJsonString());
    }

    private static void AssertSame(AccessToken expected, AccessToken actual)
    {
        Assert.Equal(expected.Audiences, actual.Audiences);
        Assert.Equal(expected.Roles, actual.Roles);
        Assert.Equal(expected, actual with { Audiences = expected.Audiences, Roles = expected.Roles }); // lists compare by reference
    }
}
