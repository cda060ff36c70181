using System.Security.Cryptography;
using Avouch.Server.Keys;

namespace Avouch.Server.Tests.Keys;

/// <summary>How private keys lie in the database.</summary>
public sealed class SealTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(121);

    private readonly MasterKey key = new(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void What_was_sealed_opens_under_its_name_and_its_key()
    {
        Assert.True(key.TryOpen(key.Seal(Secret, "kid"), "kid", out var opened));

        Assert.Equal(Secret, opened);
        Assert.False(key.TryOpen(key.Seal(Secret, "kid"), "other", out _));
        Assert.False(new MasterKey(RandomNumberGenerator.GetBytes(32)).TryOpen(key.Seal(Secret, "kid"), "kid", out _));
    }

    [Fact]
    [Trait("ASVS", "11.3.3")]
    public void A_changed_byte_opens_nothing()
    {
        var whole = key.Seal(Secret, "kid");

        for (var at = 0; at < whole.Length; at++)
        {
            var changed = whole.ToArray();
            changed[at] ^= 1;
            Assert.False(key.TryOpen(changed, "kid", out _));
            Assert.False(key.TryOpen(whole.AsSpan(0, at), "kid", out _));
        }
    }

    [Fact]
    public void One_secret_sealed_twice_looks_different() => Assert.NotEqual(key.Seal(Secret, "kid"), key.Seal(Secret, "kid"));
}
