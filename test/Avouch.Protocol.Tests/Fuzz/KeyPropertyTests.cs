using System.Text;
using FsCheck;

namespace Avouch.Protocol.Tests;

/// <summary>What holds for every payload, every claim and every algorithm.</summary>
public class KeyPropertyTests
{
    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void Any_payload_comes_back_and_no_other_key_takes_it(JwsAlgorithm algorithm) => Property.Holds<byte[]>(bytes =>
    {
        var (key, header) = (Sample.Key(algorithm), Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}"}"""));
        var token = Jws.Sign(key, header, bytes);
        return Jws.TryVerify(token, key.Verification, out var payload, out _) && payload.AsSpan().SequenceEqual(bytes)
            && Sample.All.All(other => other == key || !Jws.TryVerify(token, other.Verification, out _, out _));
    }, times: 50);

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void Any_claims_come_back(JwsAlgorithm algorithm) =>
        Property.Holds<(Guid Subject, Guid Session, NonEmptyString Client, NonEmptyString[] Roles, NonEmptyString[] Audiences, NonNegativeInt Epoch)>(row =>
        {
            var token = Sample.Token() with
            {
                Subject = row.Subject,
                SessionId = row.Session,
                ClientId = Clean(row.Client),
                Roles = [.. row.Roles.Select(Clean)],
                Audiences = [Sample.Issuer, .. row.Audiences.Select(Clean)],
                Epoch = row.Epoch.Get,
            };
            var text = token.Mint(Sample.Key(algorithm));
            return AccessToken.TryVerify(text, Sample.Keys, Sample.Issuer, Sample.Now, out var read, out _)
                && TokenOracle.Line(read) == TokenOracle.Line(token)
                && new TokenOracle(Sample.Issuer, Sample.Now, Sample.All).Read(text) == TokenOracle.Line(token);
        }, times: 50);

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void Any_flipped_bit_of_a_signature_or_of_its_input_is_refused(JwsAlgorithm algorithm)
    {
        var key = Sample.Key(algorithm);
        var (input, signature) = (Encoding.ASCII.GetBytes("header.payload"), Sample.SignatureOf("header.payload", key));
        Assert.All(Flips(signature), flipped => Assert.False(key.Verification.Verify(input, flipped)));
        Assert.All(Flips(input), flipped => Assert.False(key.Verification.Verify(flipped, signature)));
        Assert.True(key.Verification.Verify(input, signature));
    }

    /// <summary>FsCheck makes half surrogate pairs too, which no JSON text can carry.</summary>
    private static string Clean(NonEmptyString text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));

    private static IEnumerable<byte[]> Flips(byte[] original)
    {
        for (var bit = 0; bit < 8 * original.Length; bit++)
        {
            byte[] flipped = [.. original];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return flipped;
        }
    }
}
