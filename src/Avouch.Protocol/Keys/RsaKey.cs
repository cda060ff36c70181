using System.Security.Cryptography;

namespace Avouch.Protocol;

internal sealed class RsaSigningKey : SigningKey
{
    private readonly RsaScheme scheme;
    private readonly byte[] pkcs8;
    private readonly HandlePool<RSA> pool;
    private readonly RsaVerificationKey verification;
    private volatile bool disposed;

    /// <exception cref="CryptographicException">A key that <see cref="RsaRules"/> refuse.</exception>
    public RsaSigningKey(RsaScheme scheme, RSA key)
    {
        this.scheme = scheme;
        verification = RsaVerificationKey.Of(scheme, key.ExportParameters(includePrivateParameters: false));
        RequireConsistency(key);
        pkcs8 = key.ExportPkcs8PrivateKey();
        pool = new HandlePool<RSA>(Open);
        RequirePair();
    }

    public override VerificationKey Verification => verification;

    public override int SignatureLength => verification.SignatureLength;

    /// <summary>Takes seconds of a core in the worst case: never while somebody waits.</summary>
    public static RsaSigningKey Generate(RsaScheme scheme)
    {
        using var key = RSA.Create(RsaScheme.NewKeyBits);
        return new RsaSigningKey(scheme, key);
    }

    public override void Sign(ReadOnlySpan<byte> input, Span<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, SignatureLength);
        var rsa = pool.Borrow();
        try
        {
            rsa.SignData(input, signature, RsaScheme.Hash, scheme.Padding);
        }
        finally
        {
            pool.Return(rsa);
        }
    }

    public override byte[] ExportPrivate()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return [.. pkcs8];
    }

    private protected override void Dispose(bool disposing)
    {
        disposed = true;
        pool.End();
        CryptographicOperations.ZeroMemory(pkcs8);
    }

    private static void RequireConsistency(RSA key)
    {
        var numbers = key.ExportParameters(includePrivateParameters: true);
        var areConsistent = RsaRules.AreConsistent(numbers);
        foreach (var secret in (byte[]?[])[numbers.D, numbers.P, numbers.Q, numbers.DP, numbers.DQ, numbers.InverseQ])
            CryptographicOperations.ZeroMemory(secret);
        if (!areConsistent) throw new CryptographicException("The private numbers of the RSA key do not belong together.");
    }

    private RSA Open()
    {
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    }
}

internal sealed class RsaVerificationKey : VerificationKey
{
    private readonly RsaScheme scheme;
    private readonly HandlePool<RSA> pool; // never ended: verification keys are shared snapshots, and the handles have finalizers

    /// <exception cref="CryptographicException">A key that <see cref="RsaRules"/> refuse.</exception>
    public RsaVerificationKey(RsaScheme scheme, RSAParameters key, Jwk jwk) : base(jwk.KeyId ?? jwk.Thumbprint(), scheme.Algorithm)
    {
        if (RsaRules.FindFault(key.Modulus, key.Exponent) is { } fault) throw new CryptographicException(fault);

        this.scheme = scheme;
        SignatureLength = key.Modulus!.Length;
        PublicJwk = jwk with { KeyId = KeyId, Algorithm = scheme.Algorithm.Name(), Use = "sig" };
        pool = new HandlePool<RSA>(() => RSA.Create(key));
        pool.Return(pool.Borrow()); // opens one now, so that a bad key is found here and not at the first token
    }

    public override Jwk PublicJwk { get; }

    /// <summary>Of every signature, as many bytes as the modulus (RFC 8017 §8.1.1, §8.2.1).</summary>
    public int SignatureLength { get; }

    public static RsaVerificationKey Of(RsaScheme scheme, RSAParameters key) =>
        new(scheme, key, new RsaJwk(Base64UrlStrict.Encode(key.Modulus), Base64UrlStrict.Encode(key.Exponent)));

    public override bool Verify(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength) return false;
        var rsa = pool.Borrow();
        try
        {
            return rsa.VerifyData(input, signature, RsaScheme.Hash, scheme.Padding);
        }
        finally
        {
            pool.Return(rsa);
        }
    }
}
