using System.Security.Cryptography;

namespace Avouch.Protocol;

internal sealed class EcdsaSigningKey : SigningKey
{
    private readonly EcdsaScheme scheme;
    private readonly byte[] pkcs8;
    private readonly HandlePool<ECDsa> pool;
    private readonly EcdsaVerificationKey verification;
    private volatile bool disposed;

    /// <exception cref="CryptographicException">The key is on another curve, or its point is not that of its secret.</exception>
    public EcdsaSigningKey(EcdsaScheme scheme, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false);
        if (!scheme.IsCurveOf(point))
            throw new CryptographicException($"{scheme.Algorithm.Name()} needs a private key on {scheme.CurveName}.");

        this.scheme = scheme;
        pkcs8 = key.ExportPkcs8PrivateKey();
        verification = EcdsaVerificationKey.Of(scheme, point.Q);
        pool = new HandlePool<ECDsa>(Open);
        RequirePair();
    }

    public override VerificationKey Verification => verification;

    public override int SignatureLength => scheme.SignatureLength;

    public static EcdsaSigningKey Generate(EcdsaScheme scheme)
    {
        using var key = ECDsa.Create(scheme.Curve);
        return new EcdsaSigningKey(scheme, key);
    }

    public override void Sign(ReadOnlySpan<byte> input, Span<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, SignatureLength);
        var ecdsa = pool.Borrow();
        try
        {
            ecdsa.SignData(input, signature, scheme.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            pool.Return(ecdsa);
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

    private ECDsa Open()
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    }
}

internal sealed class EcdsaVerificationKey : VerificationKey
{
    private readonly EcdsaScheme scheme;
    private readonly HandlePool<ECDsa> pool; // never ended: verification keys are shared snapshots, and the handles have finalizers

    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public EcdsaVerificationKey(EcdsaScheme scheme, ECPoint point, Jwk jwk) : base(jwk.KeyId ?? jwk.Thumbprint(), scheme.Algorithm)
    {
        this.scheme = scheme;
        PublicJwk = jwk with { KeyId = KeyId, Algorithm = scheme.Algorithm.Name(), Use = "sig" };
        pool = new HandlePool<ECDsa>(() => ECDsa.Create(new ECParameters { Curve = scheme.Curve, Q = point }));
        pool.Return(pool.Borrow()); // opens one now, so that a bad point is found here and not at the first token
    }

    public override Jwk PublicJwk { get; }

    public static EcdsaVerificationKey Of(EcdsaScheme scheme, ECPoint point) =>
        new(scheme, point, new EcJwk(scheme.CurveName, Base64UrlStrict.Encode(point.X), Base64UrlStrict.Encode(point.Y)));

    public override bool Verify(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != scheme.SignatureLength) return false; // DER, truncated or padded
        var ecdsa = pool.Borrow();
        try
        {
            return ecdsa.VerifyData(input, signature, scheme.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            pool.Return(ecdsa);
        }
    }
}
