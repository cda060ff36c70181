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

    [Theory]
    [InlineData("abc\uD800", new byte[] { 0x61, 0x62, 0x63, 0xED, 0xA0, 0x80 })]
    [InlineData("\uDC00\uD83D", new byte[] { 0xED, 0xB0, 0x80, 0xED, 0xA0, 0xBD })]
    public void A_lone_surrogate_matches_nothing_else(string password, byte[] bytes) => Assert.Equal(bytes, Encode(password));

    [Theory]
    [InlineData("", false), InlineData("👍", false), InlineData("\uFFFD", false)]
    [InlineData("\uD83D", true), InlineData("a\uDC4D", true), InlineData("\uDC4D\uD83D", true), InlineData("👍\uD83D", true)]
    public void Half_a_character_is_noticed(string password, bool isLone) => Assert.Equal(isLone, PasswordBytes.HasLoneSurrogate(password));

    private static byte[] Encode(string password)
    {
        byte[] bytes = PasswordBytes.Encode(password, out int length);
        return bytes[..length];
    }
}
