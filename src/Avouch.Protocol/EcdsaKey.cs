using System.Security.Cryptography;

namespace Avouch.Protocol;

internal sealed class EcdsaSigningKey : SigningKey
{
    private readonly EcdsaScheme scheme;
    private readonly byte[] pkcs8;
    private readonly EcdsaPool pool;
    private readonly EcdsaVerificationKey verification;
    private volatile bool disposed;

    private EcdsaSigningKey(EcdsaScheme scheme, ECDsa key)
    {
        this.scheme = scheme;
        pkcs8 = key.ExportPkcs8PrivateKey();
        verification = EcdsaVerificationKey.Of(scheme, key.ExportParameters(includePrivateParameters: false).Q);
        pool = new EcdsaPool(() => Open(pkcs8));
    }

    public override VerificationKey Verification => verification;

    public override int SignatureLength => scheme.SignatureLength;

    public static EcdsaSigningKey Generate(EcdsaScheme scheme)
    {
        using var key = ECDsa.Create(scheme.Curve);
        return new EcdsaSigningKey(scheme, key);
    }

    public static EcdsaSigningKey Import(EcdsaScheme scheme, ReadOnlySpan<byte> pkcs8)
    {
        using var key = Open(pkcs8);
        if (!scheme.IsCurveOf(key))
            throw new CryptographicException($"{scheme.Algorithm.Name()} needs a private key on {scheme.CurveName}.");
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

    private static ECDsa Open(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            return read == pkcs8.Length ? key : throw new CryptographicException("Other bytes follow the PKCS#8 key.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}

internal sealed class EcdsaVerificationKey : VerificationKey
{
    private readonly EcdsaScheme scheme;
    private readonly EcdsaPool pool; // never ended: verification keys are shared snapshots, and the handles inside have finalizers

    /// <exception cref="CryptographicException">The point is not on the curve.</exception>
    public EcdsaVerificationKey(EcdsaScheme scheme, ECPoint point, Jwk jwk) : base(jwk.KeyId ?? jwk.Thumbprint(), scheme.Algorithm)
    {
        this.scheme = scheme;
        PublicJwk = jwk with { KeyId = KeyId, Algorithm = scheme.Algorithm.Name(), Use = "sig" };
        pool = new EcdsaPool(() => ECDsa.Create(new ECParameters { Curve = scheme.Curve, Q = point }));
        pool.Return(pool.Borrow()); // opens one now, so that a bad point is found here and not at the first token
    }

    public override Jwk PublicJwk { get; }

    public static EcdsaVerificationKey Of(EcdsaScheme scheme, ECPoint point) =>
        new(scheme, point, new Jwk("EC", scheme.CurveName, Base64UrlStrict.Encode(point.X), Base64UrlStrict.Encode(point.Y)));

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
