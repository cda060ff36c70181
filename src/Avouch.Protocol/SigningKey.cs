using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>
/// A private or shared key and the one algorithm it is used with. Safe to use from many threads. Dispose it when no signature is asked of
/// it any more; <see cref="Verification"/> lives on.
/// </summary>
public abstract class SigningKey : IDisposable
{
    private protected SigningKey() { }

    /// <summary>The <c>kid</c>: the RFC 7638 thumbprint, so that equal keys have equal names wherever they are imported.</summary>
    public string KeyId => Verification.KeyId;

    /// <summary>The only algorithm this key signs with.</summary>
    public JwsAlgorithm Algorithm => Verification.Algorithm;

    /// <summary>What checks this key's signatures. For HMAC it is as secret as this key.</summary>
    public abstract VerificationKey Verification { get; }

    /// <summary>Bytes of every signature of this key.</summary>
    public abstract int SignatureLength { get; }

    /// <summary>
    /// Fills <paramref name="signature"/>, which is exactly <see cref="SignatureLength"/> bytes; ECDSA writes r ‖ s (RFC 7518 §3.4).
    /// </summary>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public abstract void Sign(ReadOnlySpan<byte> input, Span<byte> signature);

    /// <summary>A copy of the secret: PKCS#8 for EC, the raw bytes for HMAC. The caller clears it.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public abstract byte[] ExportPrivate();

    /// <summary>Clears the secret; signing throws from here on.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected abstract void Dispose(bool disposing);

    /// <summary>A new P-256 key from the platform's random numbers.</summary>
    public static SigningKey GenerateES256() => EcdsaSigningKey.Generate(EcdsaScheme.ES256);

    /// <summary>Reads a PKCS#8 P-256 private key (RFC 5915 inside RFC 5208).</summary>
    /// <exception cref="CryptographicException">Not PKCS#8, followed by other bytes, or a key of another kind or curve.</exception>
    public static SigningKey ImportES256(ReadOnlySpan<byte> pkcs8) => EcdsaSigningKey.Import(EcdsaScheme.ES256, pkcs8);

    /// <summary>Takes a shared secret of at least 32 bytes: a key shorter than the hash is refused (RFC 7518 §3.2).</summary>
    /// <exception cref="ArgumentException">The secret is shorter.</exception>
    public static SigningKey ImportHS256(ReadOnlySpan<byte> secret) => new HmacSigningKey(secret);

    /// <summary>The first segment of every access token of this key, with its dot: it never changes, so it is encoded once.</summary>
    internal byte[] AccessTokenHeader => field ??= AccessTokenWriter.EncodeHeader(this);
}
