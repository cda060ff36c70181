namespace Avouch.Protocol.Tests;

public class Base64UrlStrictTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Theory]
    [InlineData("", "")]
    [InlineData("AA", "00")]
    [InlineData("_w", "FF")]
    [InlineData("-_8", "FBFF")]
    [InlineData("Zm9v", "666F6F")]
    public void Canonical_text_is_decoded(string text, string hex)
    {
        Assert.Equal(hex, Convert.ToHexString(Decode(text)!));
        Assert.Equal(text, Base64UrlStrict.Encode(Convert.FromHexString(hex)));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("Zm9vA")]
    [InlineData("AA==")]
    [InlineData("AA=")]
    [InlineData("AA%")]
    [InlineData("Zm9v=")]
    [InlineData(" Zm9v")]
    [InlineData("Zm9v\n")]
    [InlineData("Zm\t9v")]
    [InlineData("Zm9v ")]
    [InlineData("+w")]
    [InlineData("/w")]
    [InlineData("AB")]
    [InlineData("_x")]
    [InlineData("-_9")]
    [InlineData("Zm9\u00FF")]
    [InlineData("Zm9\u0176")] // its low byte is a letter
    [InlineData("Zm9\0")]
    public void Everything_else_is_refused(string text) => Assert.Null(Decode(text));

    [Fact]
    public void It_agrees_with_a_slow_oracle_on_every_short_text()
    {
        const string Wide = Alphabet + "+/= \n%.";
        foreach (var a in Wide)
            foreach (var b in Wide)
            {
                AssertAgrees($"{a}{b}");
                foreach (var c in Wide) AssertAgrees($"{a}{b}{c}");
            }
    }

    [Fact]
    public void It_agrees_with_a_slow_oracle_on_random_text() => Property.Holds<(byte[] Bytes, char Stray)>(row =>
    {
        var text = Base64UrlStrict.Encode(row.Bytes);
        AssertAgrees(text);
        AssertAgrees(text + row.Stray);
        AssertAgrees(text.Length == 0 ? "" : text[..^1]);
        return row.Bytes.AsSpan().SequenceEqual(Decode(text));
    });

    [Fact]
    public void A_destination_that_is_too_short_is_refused() => Assert.False(Base64UrlStrict.TryDecode("Zm9v", new byte[2], out _));

    private static void AssertAgrees(string text)
    {
        var expected = Oracle(text);
        Assert.Equal(expected, Decode(text));
        Assert.Equal(expected is not null, Base64UrlStrict.IsCanonical(text));
        if (text.All(char.IsAscii)) Assert.Equal(expected is not null, Base64UrlStrict.IsCanonical(text.Select(one =>
            (byte)one).ToArray()));
    }

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[Base64UrlStrict.DecodedLength(text.Length)];
        return Base64UrlStrict.TryDecode(text, bytes, out var written) ? bytes[..written] : null;
    }

    /// <summary>Six bits at a time; what is left over must be fewer than a character, and zero.</summary>
    private static byte[]? Oracle(string text)
    {
        var bits = string.Concat(text.Select(one => Alphabet.Contains(one) ? Convert.ToString(Alphabet.IndexOf(one), 2).PadLeft(6, '0')
            : "x"));
        var rest = bits[(bits.Length / 8 * 8)..];
        if (bits.Contains('x') || rest.Length >= 6 || rest.Contains('1')) return null;
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
