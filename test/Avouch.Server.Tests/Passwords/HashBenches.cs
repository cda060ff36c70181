using System.Text;
using Avouch.Server.Passwords;

namespace Avouch.Server.Tests.Passwords;

/// <summary>Verifies on the test's own thread, with memory of its own.</summary>
internal sealed class HashBenches : IDisposable
{
    private readonly Argon2Arena arena = new();

    public HashBench Bench => new(arena, new Argon2Pace(256, Argon2Block.FastestPath));

    public Argon2Arena Arena => arena;

    public bool Matches(string password, string hash) => Matches(password, Encoding.UTF8.GetBytes(password), hash);

    public bool Matches(string text, byte[] password, string hash)
    {
        var parsed = ForeignHash.Parse(hash);
        Assert.Null(parsed.Fault);
        return parsed.Hash!.Matches(new TypedPassword(text, password), Bench);
    }

    public void Dispose() => arena.Dispose();
}
