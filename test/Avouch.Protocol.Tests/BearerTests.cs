namespace Avouch.Protocol.Tests;

public class BearerTests
{
    [Theory]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer abc", "abc")]
    [InlineData("BEARER a.b-c_d~e+f/g==", "a.b-c_d~e+f/g==")]
    [InlineData("Bearer   abc", "abc")]
    public void A_bearer_token_is_read(string header, string expected)
    {
        Assert.True(BearerToken.TryRead(header, out var token));
        Assert.Equal(expected, token);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearerabc")]
    [InlineData("Bearer\tabc")]
    [InlineData(" Bearer abc")]
    [InlineData("Bearer abc ")]
    [InlineData("Bearer \tabc")]
    [InlineData("Bearer abc def")]
    [InlineData("Bearer abc, Bearer def")]
    [InlineData("Bearer abc,")]
    [InlineData("Bearer =")]
    [InlineData("Bearer a=b")]
    [InlineData("Bearer \"abc\"")]
    [InlineData("Bearer \u00E9")]
    [InlineData("Bearer abc\r\n")]
    [InlineData("Basic YTpi")]
    [InlineData("DPoP abc")]
    public void Anything_else_is_not(string? header)
    {
        Assert.False(BearerToken.TryRead(header, out var token));
        Assert.True(token.IsEmpty);
    }

    [Fact]
    public void A_challenge_names_an_error_only_where_there_was_a_token()
    {
        Assert.Equal("Bearer realm=\"avouch\"", BearerError.NoToken("avouch"));
        Assert.Equal(
            "Bearer realm=\"avouch\", error=\"invalid_token\", error_description=\"The token has expired.\"",
            BearerError.InvalidToken("avouch", TokenFault.Expired));
        Assert.Equal(
            "Bearer realm=\"avouch\", error=\"insufficient_scope\", error_description=\"More is needed.\", scope=\"a b\"",
            BearerError.InsufficientScope("avouch", "More is needed.", Scope.Of("b", "a")));
        Assert.StartsWith("Bearer realm=\"avouch\", error=\"invalid_request\"", BearerError.InvalidRequest("avouch",
            "Two tokens were sent."));
    }

    [Fact]
    public void Nothing_leaves_its_quotes()
    {
        var value = BearerError.InvalidToken("a\"b\\c", "x\", error=\"none\r\nSet-Cookie: a=b; \u00E9\u007F");
        Assert.Equal("Bearer realm=\"a'b/c\", error=\"invalid_token\", error_description=\"x', error='none??Set-Cookie: a=b; ??\"", value);
    }

    [Fact]
    public void Quotes_are_only_ours_whatever_is_said() => Property.Holds<string>(text =>
    {
        var value = BearerError.InvalidToken("avouch", text ?? "");
        return value.Count(one => one == '"') == 6 && value.All(one => one is >= ' ' and <= '~');
    });

    [Fact]
    public void Every_fault_has_a_sentence_that_needs_no_quoting() => Assert.All(Enum.GetValues<TokenFault>(), fault =>
    {
        var sentence = fault.Sentence();
        Assert.EndsWith(".", sentence);
        Assert.Contains($"\"{sentence}\"", BearerError.InvalidToken("avouch", fault));
    });
}
