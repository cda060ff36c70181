using System.Security.Cryptography;

namespace Avouch.Protocol.Tests;

public class RefreshTokenTests
{
    private static readonly RefreshKey Current = new(2, Enumerable.Repeat((byte)0x22, RefreshKey.Length).ToArray());
    private static readonly RefreshKey Previous = new(1, Enumerable.Repeat((byte)0x11, RefreshKey.Length).ToArray());
    private static readonly RefreshKeys Keys = new(Current, Previous);
    private static readonly RefreshToken Token = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), 258);

    [Fact]
    public void Its_layout_is_frozen()
    {
        var text = Token.Mint(Current);
        var bytes = new byte[58];
        Assert.StartsWith("avr_", text);
        Assert.Equal(82, text.Length);
        Assert.Equal(82, RefreshToken.TextLength);
        Assert.True(Base64UrlStrict.TryDecode(text.AsSpan(4), bytes, out _));
        Assert.Equal("010200112233445566778899AABBCCDDEEFF0000000000000102", Convert.ToHexString(bytes.AsSpan(0, 26)));

        var mac = System.Security.Cryptography.HMACSHA256.HashData(Enumerable.Repeat((byte)0x22, 32).ToArray(), bytes.AsSpan(0, 26));
        Assert.Equal(mac, bytes[26..]);
    }

    [Fact]
    public void The_same_session_and_generation_are_the_same_text() =>
        Assert.Equal(Token.Mint(Current), new RefreshToken(Token.SessionId, 258).Mint(Current));

    [Fact]
    public void Every_token_comes_back() => Property.Holds<(Guid Session, long Generation)>(row =>
    {
        var token = new RefreshToken(row.Session, row.Generation & long.MaxValue);
        return RefreshToken.TryVerify(token.Mint(Current), Keys, out var read) && read == token;
    });

    [Fact]
    public void A_previous_key_is_still_believed()
    {
        Assert.True(RefreshToken.TryVerify(Token.Mint(Previous), Keys, out var token));
        Assert.Equal(Token, token);
    }

    [Fact]
    public void A_key_that_left_the_ring_is_not() =>
        Assert.False(RefreshToken.TryVerify(Token.Mint(Previous), new RefreshKeys(Current), out _));

    [Fact]
    public void A_key_of_the_same_number_is_not() =>
        Assert.False(RefreshToken.TryVerify(Token.Mint(new RefreshKey(2, new byte[RefreshKey.Length])), Keys, out _));

    [Fact]
    [Trait("ASVS", "7.2.3")]
    public void Any_flipped_bit_fails()
    {
        var text = Token.Mint(Current);
        var bytes = new byte[58];
        Base64UrlStrict.TryDecode(text.AsSpan(4), bytes, out _);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused("avr_" + Base64UrlStrict.Encode(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.True(RefreshToken.TryVerify("avr_" + Base64UrlStrict.Encode(bytes), Keys, out _));
    }

    [Fact]
    public void Any_other_character_fails()
    {
        var text = Token.Mint(Current);
        for (var at = 0; at < text.Length; at++)
            foreach (var other in "Aa0-_+/= .\n\u00E9\0")
                if (text[at] != other) AssertRefused(text[..at] + other + text[(at + 1)..]);
    }

    [Fact]
    public void Only_the_exact_text_passes()
    {
        var text = Token.Mint(Current);
        string[] others = ["", "avr_", text[4..], "AVR_" + text[4..], text + "=", text + "A", text + " ", " " + text, text[..^1],
            text[..^1] + "=", "avr_" + new string('A', 78)];
        Assert.All(others, AssertRefused);
    }

    [Fact]
    public void Random_text_never_passes_and_never_throws() =>
        Property.Holds<string>(text => !RefreshToken.TryVerify(text, Keys, out _) && !RefreshToken.TryVerify($"avr_{text}".PadRight(82,
            'A').AsSpan(0, 82), Keys, out _));

    [Fact]
    public void A_negative_generation_is_not_minted() =>
        Assert.Throws<InvalidOperationException>(() => new RefreshToken(Guid.Empty, -1).Mint(Current));

    [Theory]
    [Trait("ASVS", "11.2.3")]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_has_32_bytes(int length) => Assert.Throws<ArgumentException>(() => new RefreshKey(1, new byte[length]));

    [Fact]
    public void Two_keys_of_one_number_are_told_apart_by_their_MAC()
    {
        var twin = new RefreshKey(Current.Id, RandomNumberGenerator.GetBytes(RefreshKey.Length));
        var stranger = new RefreshKey(Current.Id, RandomNumberGenerator.GetBytes(RefreshKey.Length));
        var keys = new RefreshKeys(twin, Current);

        Assert.True(RefreshToken.TryVerify(Token.Mint(Current), keys, out _));
        Assert.True(RefreshToken.TryVerify(Token.Mint(twin), keys, out _));
        Assert.False(RefreshToken.TryVerify(Token.Mint(stranger), keys, out _));
    }

    private static void AssertRefused(string text)
    {
        Assert.False(RefreshToken.TryVerify(text, Keys, out var token), text);
        Assert.Equal(default, token);
    }
}
