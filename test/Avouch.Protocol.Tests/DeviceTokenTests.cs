namespace Avouch.Protocol.Tests;

public class DeviceTokenTests
{
    private static readonly RefreshKey Current = new(2, Enumerable.Repeat((byte)0x22, RefreshKey.Length).ToArray());
    private static readonly RefreshKey Previous = new(1, Enumerable.Repeat((byte)0x11, RefreshKey.Length).ToArray());
    private static readonly RefreshKeys Keys = new(Current, Previous);
    private static readonly DeviceToken Token = new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), Guid.Parse("0195a1c0-0000-7000-8000-000000000002"), 1_767_323_045, 3);

    [Fact]
    public void Its_layout_is_frozen()
    {
        var text = Token.Mint(Current);
        var bytes = new byte[82];

        Assert.Equal(114, text.Length);
        Assert.Equal(114, DeviceToken.TextLength);
        Assert.True(Base64UrlStrict.TryDecode(text.AsSpan(4), bytes, out _));
        Assert.StartsWith("avd_", text);
        Assert.Equal("010200112233445566778899AABBCCDDEEFF0195A1C000007000800000000000000200000000695735A50000000000000003", Convert.ToHexString(bytes.AsSpan(0, 50)));
        Assert.Equal(System.Security.Cryptography.HMACSHA256.HashData(Enumerable.Repeat((byte)0x22, 32).ToArray(), bytes.AsSpan(0, 50)), bytes[50..]);
    }

    [Fact]
    public void Every_token_comes_back() => Property.Holds<(Guid User, Guid Device, long IssuedAt, long Epoch)>(row =>
    {
        var token = new DeviceToken(row.User, row.Device, row.IssuedAt, row.Epoch);
        return DeviceToken.TryVerify(token.Mint(Current), Keys, out var read) && read == token;
    });

    [Fact]
    public void A_previous_key_is_still_believed_and_one_that_left_the_ring_is_not()
    {
        Assert.True(DeviceToken.TryVerify(Token.Mint(Previous), Keys, out var token));
        Assert.Equal(Token, token);
        Assert.False(DeviceToken.TryVerify(Token.Mint(Previous), new RefreshKeys(Current), out _));
    }

    [Fact]
    public void Any_flipped_bit_fails()
    {
        var text = Token.Mint(Current);
        var bytes = new byte[82];
        Base64UrlStrict.TryDecode(text.AsSpan(4), bytes, out _);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(DeviceToken.TryVerify(DeviceToken.Prefix + Base64UrlStrict.Encode(flipped), Keys, out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("avd_")]
    [InlineData("avr_AQIAESIzRFVmd4iZqrvM3e7_AAAAAAAAAQI")]
    public void Anything_else_is_refused(string text) => Assert.False(DeviceToken.TryVerify(text, Keys, out _));

    [Fact]
    public void A_token_of_another_kind_is_none()
    {
        Assert.False(DeviceToken.TryVerify(new RefreshToken(Token.UserId, 1).Mint(Current), Keys, out _));
        Assert.False(RefreshToken.TryVerify(Token.Mint(Current), Keys, out _));
        Assert.False(DeviceToken.TryVerify("avr_" + Token.Mint(Current)[4..], Keys, out _));
    }
}
