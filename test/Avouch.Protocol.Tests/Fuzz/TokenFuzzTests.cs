using System.Text;

namespace Avouch.Protocol.Tests;

/// <summary>The fast reader against the slow one: every bent token is accepted by both, with the same claims, or refused by both.</summary>
public class TokenFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly TokenOracle Oracle = new(Sample.Issuer, Sample.Now, Sample.All);

    private static readonly byte[] Header = Encoding.UTF8.GetBytes(Sample.Header(Sample.Hs256));

    private static readonly byte[][] Claims =
    [
        Encoding.UTF8.GetBytes(Sample.Claims().ToJsonString()),
        Encoding.UTF8.GetBytes($$"""
            {"exp":1772367300,"iat":1772366400,"nbf":1772366460,"roles":[],"aud":["https://login.example.com","b"],"iss":"https:\/\/login.example.com","epoch":0,
            "jti":"0195A1C0-0000-7000-8000-000000000003","sid":"0195a1c0-0000-7000-8000-000000000002","sub":"0195a1c0-0000-7000-8000-000000000001",
            "client_id":"\u0061vouch","x":{"y":[1,2,{"z":null}]},"scope":"b a b"}
            """),
    ];

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void Whole_tokens(JwsAlgorithm algorithm)
    {
        var token = Encoding.ASCII.GetBytes(Sample.Token().Mint(Sample.Key(algorithm)));
        Assert.Equal((0, 2000), Fuzz(2000, mutation => Encoding.Latin1.GetString(Bend(mutation, token))));
    }

    [Fact]
    public void Headers_that_are_signed_again()
    {
        var (accepted, refused) = Fuzz(Rounds, mutation => Sample.Forge(mutation.Of(Header), Claims[0], Sample.Hs256));
        Assert.InRange(accepted, 20, Rounds / 2);
        Assert.Equal(Rounds, accepted + refused);
    }

    [Fact]
    public void Claims_that_are_signed_again()
    {
        var (accepted, refused) = Fuzz(Rounds, mutation => Sample.Forge(Header, mutation.Of(Claims[mutation.Choose(Claims.Length)]), Sample.Hs256));
        Assert.InRange(accepted, Rounds / 100, Rounds / 2);
        Assert.Equal(Rounds, accepted + refused);
    }

    [Fact]
    public void Each_byte_of_a_header_and_of_claims_by_each_telling_byte()
    {
        var accepted = 0;
        foreach (var other in Mutation.Telling)
        {
            for (var at = 0; at < Header.Length; at++) accepted += Compare(Sample.Forge(With(Header, at, other), Claims[0], Sample.Hs256), "") ? 1 : 0;
            foreach (var claims in Claims)
                for (var at = 0; at < claims.Length; at++) accepted += Compare(Sample.Forge(Header, With(claims, at, other), Sample.Hs256), "") ? 1 : 0;
        }
        Assert.InRange(accepted, 1000, 100_000);
    }

    private static (int Accepted, int Refused) Fuzz(int rounds, Func<Mutation, string> bend)
    {
        var seed = Seed.Next();
        var (mutation, accepted) = (new Mutation(new Random(seed)), 0);
        for (var round = 0; round < rounds; round++)
            if (Compare(bend(mutation), $"{Seed.Explain(seed)} round {round}")) accepted++;
        return (accepted, rounds - accepted);
    }

    private static bool Compare(string token, string hint)
    {
        var isAccepted = AccessToken.TryVerify(token, Sample.Keys, Sample.Issuer, Sample.Now, out var read, out var fault);
        var (expected, actual) = (Oracle.Read(token), isAccepted ? TokenOracle.Line(read!) : null);
        Assert.True(expected == actual, $"{hint}\n{Explain(token)}\nexpected: {expected ?? "refused"}\nactual: {actual ?? fault.ToString()}");
        return isAccepted;
    }

    /// <summary>At least one byte differs.</summary>
    private static byte[] Bend(Mutation mutation, byte[] original)
    {
        byte[] bent;
        do bent = mutation.Of(original);
        while (bent.AsSpan().SequenceEqual(original));
        return bent;
    }

    private static byte[] With(byte[] original, int at, byte other)
    {
        byte[] bent = [.. original];
        bent[at] = other;
        return bent;
    }

    private static string Explain(string token) =>
        string.Join('\n', token.Split('.').Select(part => PlainJson.Decode(part) is { } bytes ? Encoding.Latin1.GetString(bytes) : part));
}
