using System.Text;
using System.Text.Json;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Passwords;

public sealed class BcryptTests
{
    [Fact]
    public void The_digits_are_those_of_pi()
    {
        Assert.Equal([0x243F6A88u, 0x85A308D3u, 0x13198A2Eu, 0x03707344u], BlowfishDigits.Words[..4].ToArray());
        Assert.Equal([0xB74E6132u, 0xCE77E25Bu, 0x578FDFE3u, 0x3AC372E6u], BlowfishDigits.Words[^4..].ToArray());
    }

    [Fact]
    public void The_known_answers_of_crypt_blowfish_and_pyca_hold()
    {
        using HashBenches benches = new();
        int verified = 0;
        foreach (var row in Vectors.Read("bcrypt/bcrypt.json").GetProperty("vectors").EnumerateArray())
        {
            string hash = row.GetProperty("hash").GetString()!;
            if (!row.GetProperty("valid").GetBoolean() || hash.StartsWith("$2x$", StringComparison.Ordinal))
            {
                Assert.False(ForeignHash.TryParse(hash, out _), hash);
                Assert.False(ForeignHash.TryParse(SettingOf(row) + new string('.', 31), out _), hash);
                continue;
            }
            byte[] password = Convert.FromHexString(row.GetProperty("passwordHex").GetString()!);
            Assert.True(benches.Matches("", password, hash), hash);
            Assert.False(benches.Matches("", [1, .. password], hash), hash);
            verified++;
        }
        Assert.True(verified >= 40);
    }

    [Fact]
    public void Malformed_hashes_are_refused()
    {
        foreach (var row in Vectors.Read("bcrypt/bcrypt.json").GetProperty("malformed").EnumerateArray())
            Assert.False(ForeignHash.TryParse(row.GetProperty("hash").GetString(), out _), row.GetProperty("why").GetString());
    }

    [Fact]
    public void Bytes_after_the_72nd_count_for_nothing_and_the_72nd_counts()
    {
        using HashBenches benches = new();
        string hash = Hash(new string('x', 72));
        Assert.True(benches.Matches(new string('x', 73), hash));
        Assert.True(benches.Matches(new string('x', 72) + "anything", hash));
        Assert.False(benches.Matches(new string('x', 71), hash));
        Assert.False(benches.Matches(new string('x', 71) + "y", hash));
    }

    [Fact]
    public void A_NUL_counts_like_any_other_byte()
    {
        using HashBenches benches = new();
        string hash = Hash("abc\0def");
        Assert.True(benches.Matches("abc\0def", hash));
        Assert.False(benches.Matches("abc\0deg", hash));
        Assert.False(benches.Matches("abc", hash));
    }

    [Fact]
    public void What_follows_a_hash_or_is_missing_from_it_makes_it_none()
    {
        string hash = Hash("abc");
        Assert.True(ForeignHash.TryParse(hash, out _));
        Assert.False(ForeignHash.TryParse(hash + "extra", out _));
        Assert.False(ForeignHash.TryParse(hash[..^10], out _));
    }

    private static string SettingOf(JsonElement row) => row.GetProperty("setting").GetString() ?? "*";

    public static string Hash(string password)
    {
        const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        byte[] salt = new byte[Bcrypt.SaltBytes], tag = new byte[Bcrypt.TagBytes];
        Bcrypt.Derive(Encoding.UTF8.GetBytes(password), salt, 16, isVersionA: false, tag, yields: false);
        return "$2b$04$" + Write(salt) + Write(tag);

        static string Write(byte[] bytes) => string.Concat(Convert.ToBase64String(bytes).TrimEnd('=').Select(letter => Alphabet[Base64.IndexOf(letter, StringComparison.Ordinal)]));
    }
}
