namespace Avouch.Protocol.Tests;

public class FormTokenTests
{
    private static readonly RefreshKey Current = new(2, Enumerable.Repeat((byte)0x22, RefreshKey.Length).ToArray());
    private static readonly RefreshKey Previous = new(1, Enumerable.Repeat((byte)0x11, RefreshKey.Length).ToArray());
    private static readonly RefreshKeys Keys = new(Current, Previous);
    private static readonly Guid Holder = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly FormToken Token = new(Guid.Parse("0195a1c0-0000-7000-8000-000000000002"));

    [Fact]
    public void Its_layout_is_frozen_and_the_holder_stands_in_the_MAC_only()
    {
        var text = Token.Mint(Current, Holder);
        var bytes = new byte[50];

        Assert.StartsWith("avf_", text);
        Assert.True(Base64UrlStrict.TryDecode(text.AsSpan(4), bytes, out _));
        Assert.Equal("01020195A1C0000070008000000000000002", Convert.ToHexString(bytes.AsSpan(0, 18)));
        byte[] message = [.. bytes[..18], .. Holder.ToByteArray(bigEndian: true)];
        Assert.Equal(System.Security.Cryptography.HMACSHA256.HashData(Enumerable.Repeat((byte)0x22, 32).ToArray(), message), bytes[18..]);
    }

    [Fact]
    public void Every_token_comes_back_to_its_holder_and_to_nobody_else() => Property.Holds<(Guid Nonce, Guid Holder, Guid Other)>(row =>
    {
        var text = new FormToken(row.Nonce).Mint(Current, row.Holder);
        return FormToken.TryVerify(text, Keys, row.Holder, out var read) && read.Nonce == row.Nonce
            && (row.Holder == row.Other || !FormToken.TryVerify(text, Keys, row.Other, out _));
    });

    [Fact]
    [Trait("ASVS", "3.5.1")]
    public void Any_flipped_bit_of_token_or_holder_fails()
    {
        var bytes = new byte[50];
        Base64UrlStrict.TryDecode(Token.Mint(Current, Holder).AsSpan(4), bytes, out _);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
            Assert.False(FormToken.TryVerify(FormToken.Prefix + Base64UrlStrict.Encode(Flip(bytes, bit)), Keys, Holder, out _));
        for (var bit = 0; bit < 128; bit++)
            Assert.False(FormToken.TryVerify(Token.Mint(Current, Holder), Keys, new Guid(Flip(Holder.ToByteArray(), bit)), out _));
    }

    [Fact]
    public void A_previous_key_is_still_believed_and_one_that_left_the_ring_is_not()
    {
        Assert.True(FormToken.TryVerify(Token.Mint(Previous, Holder), Keys, Holder, out _));
        Assert.False(FormToken.TryVerify(Token.Mint(Previous, Holder), new RefreshKeys(Current), Holder, out _));
    }

    [Fact]
    public void Nothing_else_is_one()
    {
        var text = Token.Mint(Current, Holder);
        string?[] others = [null, "", "avf_", text[..^1], text + "A", text + "=", " " + text, new PageToken(Holder).Mint(Current), "avf_" + new PageToken(Holder).Mint(Current)[4..], new RefreshToken(Holder, 1).Mint(Current)];
        Assert.All(others, other => Assert.False(FormToken.TryVerify(other, Keys, Holder, out _)));
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
