using System.Text;
using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class Blake2bTests
{
    [Fact]
    public void The_example_of_RFC_7693_appendix_A() => Assert.Equal(
        "BA80A53F981C4D0D6A2797B69F12F6E94C212F14685AC4B74B12BB6FDBFFA2D17D87C5392AAB792DC252D5DE4533CC9518D38AA8DBF1925AB92386EDD4009923",
        Hash(Encoding.ASCII.GetBytes("abc"), 64, piece: 3));

    [Theory]
    [InlineData(0), InlineData(1), InlineData(127), InlineData(128), InlineData(129), InlineData(256), InlineData(1000)]
    public void Pieces_hash_like_the_whole(int length)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        string whole = Hash(data, 64, piece: int.MaxValue);
        foreach (int piece in (int[])[1, 7, 64, 127, 128, 129]) Assert.Equal(whole, Hash(data, 64, piece));
    }

    [Theory]
    [InlineData(0), InlineData(65)]
    public void A_digest_has_1_to_64_bytes(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new Blake2b(length));

    private static string Hash(byte[] data, int length, int piece)
    {
        Blake2b hash = new(length);
        foreach (byte[] part in data.Chunk(piece)) hash.Append(part);
        byte[] digest = new byte[length];
        hash.Finish(digest);
        return Convert.ToHexString(digest);
    }
}
