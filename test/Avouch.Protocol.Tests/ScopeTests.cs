namespace Avouch.Protocol.Tests;

public class ScopeTests
{
    [Theory]
    [InlineData("openid", "openid")]
    [InlineData("openid email", "email openid")]
    [InlineData("b a b", "a b")]
    [InlineData("avouch:account !#[]~", "!#[]~ avouch:account")]
    [InlineData("B a", "B a")]
    public void Tokens_are_a_sorted_set(string text, string canonical)
    {
        Assert.True(Scope.TryParse(text, out var scope));
        Assert.Equal(canonical, scope.ToString());
        Assert.Equal(canonical.Split(' '), scope.Tokens);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a  b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\u00A0b")]
    [InlineData("\"a\"")]
    [InlineData("a\\b")]
    [InlineData("\u00E9")]
    [InlineData("a\u007F")]
    [InlineData("a\0")]
    public void Text_outside_the_grammar_is_refused(string? text)
    {
        Assert.False(Scope.TryParse(text, out var scope));
        Assert.True(scope.IsEmpty);
    }

    [Fact]
    public void Equality_is_that_of_sets()
    {
        Assert.Equal(Scope.Of("a", "b"), Scope.Of("b", "a", "b"));
        Assert.NotEqual(Scope.Of("a"), Scope.Of("A"));
        Assert.Equal(default, Scope.Of());
    }

    [Fact]
    public void Contains_asks_for_a_whole_token()
    {
        var scope = Scope.Of("avouch:account", "openid");
        Assert.True(scope.Contains("openid"));
        Assert.False(scope.Contains("open"));
        Assert.False(scope.Contains("OPENID"));
        Assert.False(scope.Contains(""));
        Assert.False(scope.Contains("avouch:account openid"));
        Assert.False(default(Scope).Contains(""));
        Assert.False(default(Scope).Contains("openid"));
    }

    [Fact]
    public void A_scope_is_narrowed_and_never_widened()
    {
        var granted = Scope.Of("a", "b");
        Assert.True(Scope.Of("a").IsSubsetOf(granted));
        Assert.True(granted.IsSubsetOf(granted));
        Assert.True(default(Scope).IsSubsetOf(granted));
        Assert.True(default(Scope).IsSubsetOf(default));
        Assert.False(Scope.Of("a", "c").IsSubsetOf(granted));
        Assert.False(granted.IsSubsetOf(default));
    }

    [Fact]
    public void A_wrong_token_is_not_made() => Assert.Throws<ArgumentException>(() => Scope.Of("a b"));

    [Fact]
    public void Parsing_the_text_gives_the_set_again() => Property.Holds<string[]>(words =>
    {
        var tokens = words.Where(word => word is not null).Select(word => new string([.. word.Where(one =>
            one is > ' ' and < '\x7F' and not '"' and not '\\')]))
            .Where(word => word.Length > 0).ToArray();
        var scope = Scope.Of(tokens);
        return tokens.All(token => scope.Contains(token)) && Scope.TryParse(scope.ToString(), out var again) == tokens.Length > 0
            && again == scope;
    });
}
