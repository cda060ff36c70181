using System.Text;
using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class PasswordBytesTests
{
    [Theory]
    [Trait("ASVS", "6.2.8")]
    [InlineData("")]
    [InlineData(" spaces stay ")]
    [InlineData("Äö\u0308 not normalised")]
    [InlineData("パスワード")]
    [InlineData("👩‍👩‍👧 family")]
    [InlineData("nul\0inside")]
    [InlineData("\uFFFD")]
    public void A_password_is_the_UTF_8_of_what_was_typed(string password) =>
        Assert.Equal(Encoding.UTF8.GetBytes(password), Encode(password));

    // No theories below: the compiler itself replaces lone surrogates in the arguments of attributes.
    [Fact]
    public void A_lone_surrogate_matches_nothing_else()
    {
        Assert.Equal([0x61, 0x62, 0x63, 0xED, 0xA0, 0x80], Encode("abc\uD800"));
        Assert.Equal([0xED, 0xB0, 0x80, 0xED, 0xA0, 0xBD], Encode("\uDC00\uD83D"));
    }

    [Fact]
    public void Half_a_character_is_noticed()
    {
        string[] halves = ["\uD83D", "a\uDC4D", "\uDC4D\uD83D", "👍\uD83D", "\uD83Da"];
        string[] wholes = ["", "👍", "\uFFFD", "\uD83D\uDC4D"];
        Assert.All(halves, password => Assert.True(PasswordBytes.HasLoneSurrogate(password)));
        Assert.All(wholes, password => Assert.False(PasswordBytes.HasLoneSurrogate(password)));
    }

    private static byte[] Encode(string password)
    {
        byte[] bytes = PasswordBytes.Encode(password, out int length);
        return bytes[..length];
    }
}
