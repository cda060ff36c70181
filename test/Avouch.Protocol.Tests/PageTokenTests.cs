namespace Avouch.Protocol.Tests;

public class PageTokenTests
{
    private static readonly RefreshKey Current = new(2, Enumerable.Repeat((byte)0x22, RefreshKey.Length).ToArray());
    private static readonly RefreshKey Previous = new(1, Enumerable.Repeat((byte)0x11, RefreshKey.Length).ToArray());
    private static readonly RefreshKeys Keys = new(Current, Previous);
    private static readonly PageToken Token = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));

    [Fact]
    public void Its_layout_is_frozen()
    {
        var text = Token.Mint(Current);
        var bytes = new byte[50];

        Assert.Equal(71, text.Length);
        Assert.Equal(71, PageToken.TextLength);
        Assert.StartsWith("avs_", text);
        Assert.True(Base64UrlStrict.TryDecode(text.AsSpan(4), bytes, out _));
        Assert.Equal("010200112233445566778899AABBCCDDEEFF", Convert.ToHexString(bytes.AsSpan(0, 18)));
        Assert.Equal(System.Security.Cryptography.HMACSHA256.HashData(Enumerable.Repeat((byte)0x22, 32).ToArray(), bytes.AsSpan(0, 18)), bytes[18..]);
    }

    [Fact]
    public void Every_token_comes_back() => Property.Holds<Guid>(session =>
        PageToken.TryVerify(new PageToken(session).Mint(Current), Keys, out var read) && read.SessionId == session);

    [Fact]
    public void A_previous_key_is_still_believed_and_one_that_left_the_ring_is_not()
    {
        Assert.True(PageToken.TryVerify(Token.Mint(Previous), Keys, out var token));
        Assert.Equal(Token, token);
        Assert.False(PageToken.TryVerify(Token.Mint(Previous), new RefreshKeys(Current), out _));
    }

    [Fact]
    [Trait("ASVS", "7.2.3")]
    public void Any_flipped_bit_fails()
    {
        var bytes = new byte[50];
        Base64UrlStrict.TryDecode(Token.Mint(Current).AsSpan(4), bytes, out _);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(PageToken.TryVerify(PageToken.Prefix + Base64UrlStrict.Encode(flipped), Keys, out _));
        }
    }

    [Fact]
    public void Nothing_shorter_longer_or_written_otherwise_is_one()
    {
        var text = Token.Mint(Current);
        Assert.All((string?[])[null, "", "avs_", text[..^1], text + "A", text + "=", " " + text, text.ToUpperInvariant(), text.Replace("avs_", "AVS_")], other => Assert.False(PageToken.TryVerify(other, Keys, out _)));
    }

    [Fact]
    public void A_token_of_another_kind_is_none_even_under_the_same_key()
    {
        var session = Token.SessionId;
        string[] others = [new RefreshToken(session, 1).Mint(Current), new DeviceToken(session, session, 1, 1).Mint(Current), new FormToken(session).Mint(Current, session)];

        Assert.All(others, other => Assert.False(PageToken.TryVerify(other, Keys, out _)));
        Assert.All(others, other => Assert.False(PageToken.TryVerify(PageToken.Prefix + other[4..], Keys, out _)));
        Assert.False(RefreshToken.TryVerify(Token.Mint(Current), Keys, out _));
        Assert.False(DeviceToken.TryVerify(Token.Mint(Current), Keys, out _));
        Assert.False(FormToken.TryVerify(Token.Mint(Current), Keys, session, out _));
    }
}
