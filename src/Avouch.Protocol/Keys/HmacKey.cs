using System.Security.Cryptography;

namespace Avouch.Protocol;

internal sealed class HmacSigningKey : SigningKey
{
    // RFC 7518 §3.2: a key of the same size as the hash output or larger MUST be used.
    internal const int MinimumLength = HMACSHA256.HashSizeInBytes;

    private readonly byte[] secret;
    private readonly HmacVerificationKey verification;
    private volatile bool disposed;

    /// <exception cref="CryptographicException">The secret is too short.</exception>
    public HmacSigningKey(ReadOnlySpan<byte> secret)
    {
        verification = new HmacVerificationKey(secret, Jwk.SymmetricThumbprint(secret));
        this.secret = secret.ToArray();
    }

    public override VerificationKey Verification => verification;

    public override int SignatureLength => HMACSHA256.HashSizeInBytes;

    public override void Sign(ReadOnlySpan<byte> input, Span<byte> signature)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(signature.Length, SignatureLength);
        HMACSHA256.HashData(secret, input, signature);
    }

    public override byte[] ExportPrivate()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return [.. secret];
    }

    private protected override void Dispose(bool disposing)
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(secret);
    }
}

internal sealed class HmacVerificationKey : VerificationKey
{
    private readonly byte[] secret;

    public HmacVerificationKey(ReadOnlySpan<byte> secret, string keyId) : base(keyId, JwsAlgorithm.HS256)
    {
        if (secret.Length < HmacSigningKey.MinimumLength)
            throw new CryptographicException($"An HS256 secret has at least {HmacSigningKey.MinimumLength} bytes.");

        this.secret = secret.ToArray();
    }

    public override Jwk? PublicJwk => null;

    public override bool Verify(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, input, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
