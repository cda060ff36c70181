using System.Text;
using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class ScryptTests
{
    // RFC 7914 §12, all but the one of a gigabyte.
    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void The_known_answers_of_RFC_7914_hold(string password, string salt, int n, int r, int p, string expected)
    {
        using HashBenches benches = new();
        byte[] key = new byte[64];
        Scrypt.Derive(new ScryptParameters(n, r, p), Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), key, benches.Bench);
        Assert.Equal(expected, Convert.ToHexStringLower(key));
    }

    [Fact]
    public unsafe void Nothing_is_left_in_the_lane_s_memory()
    {
        using HashBenches benches = new();
        Scrypt.Derive(new ScryptParameters(1024, 8, 2), "password"u8, "NaCl"u8, new byte[32], benches.Bench);
        for (int block = 0; block < 1024 + 4; block++) Assert.Equal(-1, benches.Arena.BlockBytes(block).IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(1, 8, 1), InlineData(24, 8, 1), InlineData(16, 0, 1), InlineData(16, 1, 0), InlineData(1 << 18, 8, 1), InlineData(1 << 17, 8, 5)]
    public void What_costs_too_much_or_makes_no_sense_is_not_begun(int n, int r, int p)
    {
        using HashBenches benches = new();
        var bench = benches.Bench;
        Assert.Throws<ArgumentOutOfRangeException>(() => Scrypt.Derive(new ScryptParameters(n, r, p), [], [], new byte[32], bench));
        Assert.Equal(0, benches.Arena.ReservedBytes);
    }
}
