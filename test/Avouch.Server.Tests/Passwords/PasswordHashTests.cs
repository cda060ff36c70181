using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

public sealed class PasswordHashTests
{
    private const string Salt = "AAECAwQFBgcICQoLDA0ODw";
    private const string Tag = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    [Theory]
    [InlineData("m=19456,t=2,p=1"), InlineData("m=8,t=1,p=1"), InlineData("m=131072,t=4,p=1"), InlineData("m=128,t=64,p=16")]
    public void What_is_read_is_written_again(string costs)
    {
        Assert.True(PasswordHash.TryParse($"$argon2id$v=19${costs}${Salt}${Tag}", out var hash));
        Assert.Equal($"$argon2id$v=19${costs}${Salt}${Tag}", hash.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234")]
    [InlineData($"argon2id$v=19$m=19456,t=2,p=1${Salt}${Tag}")] // no first $
    [InlineData($" $argon2id$v=19$m=19456,t=2,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1${Salt}${Tag}\n")]
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1${Salt}${Tag}$")]
    [InlineData($"$argon2i$v=19$m=19456,t=2,p=1${Salt}${Tag}")] // another type
    [InlineData($"$ARGON2ID$v=19$m=19456,t=2,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=16$m=19456,t=2,p=1${Salt}${Tag}")] // another version
    [InlineData($"$argon2id$m=19456,t=2,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$t=2,m=19456,p=1${Salt}${Tag}")] // another order
    [InlineData($"$argon2id$v=19$m=19456,t=2${Salt}${Tag}")] // one too few
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1,p=1${Salt}${Tag}")] // one twice
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1,keyid=AA${Salt}${Tag}")] // one unknown
    [InlineData($"$argon2id$v=19$m=019456,t=2,p=1${Salt}${Tag}")] // two spellings of one number
    [InlineData($"$argon2id$v=19$m=+19456,t=2,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=19456,t= 2,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=99999999999,t=2,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=-8,t=2,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=7,t=1,p=1${Salt}${Tag}")] // below RFC 9106 §3.1
    [InlineData($"$argon2id$v=19$m=19456,t=0,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=0${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=131073,t=1,p=1${Salt}${Tag}")] // above the caps
    [InlineData($"$argon2id$v=19$m=131072,t=5,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=256,t=65,p=1${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=256,t=1,p=17${Salt}${Tag}")]
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1${Salt}==${Tag}")] // padding
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODx${Tag}")] // stray bits in the last character
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1$AAEC AwQFBgcICQoLDA0ODw${Tag}")]
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1$AAECAwQ_BgcICQoLDA0ODw${Tag}")] // the URL alphabet
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBg${Tag}")] // seven bytes of salt
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1$${Tag}")]
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1${Salt}$")]
    [InlineData($"$argon2id$v=19$m=19456,t=2,p=1${Salt}$AAAA")] // a tag that can be guessed
    public void Anything_else_is_refused(string? text) => Assert.False(PasswordHash.TryParse(text, out _));

    [Fact]
    public void A_text_of_a_megabyte_is_refused() => Assert.False(PasswordHash.TryParse(new string('$', 1 << 20), out _));

    [Theory]
    [InlineData(19_456, 2, 1, false)]
    [InlineData(19_457, 2, 1, true)]
    [InlineData(19_456, 3, 1, true)]
    [InlineData(19_456, 2, 2, true)]
    [InlineData(9_216, 1, 1, false)] // lowered settings leave stronger hashes alone
    public void A_hash_is_renewed_when_the_settings_rise(int memoryKiB, int iterations, int parallelism, bool needsRehash)
    {
        Assert.True(PasswordHash.TryParse($"$argon2id$v=19$m=19456,t=2,p=1${Salt}${Tag}", out var hash));
        Assert.Equal(needsRehash, hash.NeedsRehash(new Argon2Parameters(memoryKiB, iterations, parallelism)));
    }

    [Fact]
    public void A_short_salt_is_renewed()
    {
        Assert.True(PasswordHash.TryParse($"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ${Tag}", out var hash));
        Assert.True(hash.NeedsRehash(hash.Parameters));
    }
}
