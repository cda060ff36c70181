using System.Text;

namespace Avouch.Protocol.Tests;

/// <summary>The reader of published keys against the slow one.</summary>
public class JwkFuzzTests
{
    private const int Rounds = 2_500;

    public static TheoryData<JwsAlgorithm> Published => [JwsAlgorithm.ES256, JwsAlgorithm.ES384, JwsAlgorithm.RS256, JwsAlgorithm.PS256];

    [Theory]
    [MemberData(nameof(Published))]
    public void Bent_keys(JwsAlgorithm algorithm)
    {
        var (seed, accepted) = (Seed.Next(), 0);
        var mutation = new Mutation(new Random(seed));
        foreach (var original in Texts(algorithm))
            for (var round = 0; round < Rounds; round++)
                if (Compare(mutation.Of(original), $"{Seed.Explain(seed)} round {round}")) accepted++;
        Assert.InRange(accepted, Rounds / 50, Rounds);
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Each_byte_by_each_telling_byte(JwsAlgorithm algorithm)
    {
        var (original, accepted) = (Texts(algorithm)[1], 0);
        foreach (var other in Mutation.Telling)
            for (var at = 0; at < original.Length; at++)
            {
                byte[] bent = [.. original];
                bent[at] = other;
                if (Compare(bent, "")) accepted++;
            }
        Assert.InRange(accepted, original.Length / 10, original.Length * Mutation.Telling.Length / 2);
    }

    /// <summary>As we write it, and as another might.</summary>
    private static byte[][] Texts(JwsAlgorithm algorithm)
    {
        var ours = Encoding.UTF8.GetString(JwkSet.Write([Sample.Key(algorithm).Verification.PublicJwk!]))[9..^2];
        return [Encoding.UTF8.GetBytes(ours), Encoding.UTF8.GetBytes($$"""{ "ext": {"a":[true,{"b":1}]}, "key_ops" : ["sign", "verify"],{{ours[1..]}} """)];
    }

    private static bool Compare(byte[] json, string hint)
    {
        var isRead = Jwk.TryParse(json, out var key, out var reason);
        var (expected, actual) = (JwkOracle.Read(json), isRead ? JwkOracle.Line(key!) : null);
        Assert.True(expected == actual, $"{hint}\n{Encoding.Latin1.GetString(json)}\nexpected: {expected ?? "refused"}\nactual: {actual ?? reason}");
        return isRead;
    }
}
