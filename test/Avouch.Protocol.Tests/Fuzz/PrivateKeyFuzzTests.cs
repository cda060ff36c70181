using System.Security.Cryptography;
using System.Text;

namespace Avouch.Protocol.Tests;

/// <summary>Bent private keys: refused in the one way that callers expect, or a key whose halves match. Nothing else is thrown.</summary>
public class PrivateKeyFuzzTests
{
    private const int Rounds = 1000;

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void As_JWK(JwsAlgorithm algorithm) =>
        Fuzz(Encoding.UTF8.GetBytes(PrivateJwkTests.Of(Sample.Key(algorithm)).ToJsonString()), bytes => SigningKey.ImportJwk(bytes));

    [Theory]
    [MemberData(nameof(Sample.Algorithms), MemberType = typeof(Sample))]
    public void As_bytes(JwsAlgorithm algorithm) => Fuzz(Sample.Key(algorithm).ExportPrivate(), bytes => SigningKey.Import(algorithm, bytes));

    [Theory]
    [InlineData(JwsAlgorithm.ES256)]
    [InlineData(JwsAlgorithm.ES384)]
    [InlineData(JwsAlgorithm.RS256)]
    [InlineData(JwsAlgorithm.PS256)]
    public void As_PEM(JwsAlgorithm algorithm) => Fuzz(
        Encoding.ASCII.GetBytes(PemEncoding.WriteString("PRIVATE KEY", Sample.Key(algorithm).ExportPrivate())),
        bytes => SigningKey.ImportPem(algorithm, Encoding.Latin1.GetString(bytes)));

    private static void Fuzz(byte[] original, Func<byte[], SigningKey> import)
    {
        var (seed, refused) = (Seed.Next(), 0);
        var mutation = new Mutation(new Random(seed));
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = mutation.Of(original);
            try
            {
                using var key = import(bytes);
                Assert.True(key.Verification.Verify("input"u8, Sample.SignatureOf("input", key)));
            }
            catch (CryptographicException)
            {
                refused++;
            }
            catch (Exception other)
            {
                Assert.Fail($"{Seed.Explain(seed)} round {round}\n{Encoding.Latin1.GetString(bytes)}\n{other}");
            }
        }
        Assert.InRange(refused, Rounds / 100, Rounds);
    }
}
