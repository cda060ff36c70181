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

    /// <summary>A copy of the secret: PKCS#8 for EC and RSA, the raw bytes for HMAC. The caller clears it.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public abstract byte[] ExportPrivate();

    /// <summary>Clears the secret; signing throws from here on.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected abstract void Dispose(bool disposing);

    /// <summary>
    /// A new key from the platform's random numbers: 32 bytes, a point, or 3072 bits of RSA, which take seconds of a core in the worst case.
    /// </summary>
    public static SigningKey Generate(JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.HS256 => new HmacSigningKey(RandomNumberGenerator.GetBytes(HmacSigningKey.MinimumLength)),
        JwsAlgorithm.ES256 => EcdsaSigningKey.Generate(EcdsaScheme.ES256),
        JwsAlgorithm.ES384 => EcdsaSigningKey.Generate(EcdsaScheme.ES384),
        JwsAlgorithm.RS256 => RsaSigningKey.Generate(RsaScheme.RS256),
        JwsAlgorithm.PS256 => RsaSigningKey.Generate(RsaScheme.PS256),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>
    /// Reads what <see cref="ExportPrivate"/> gives: PKCS#8 (RFC 5958), or for HS256 a shared secret of at least 32 bytes (RFC 7518 §3.2).
    /// </summary>
    /// <exception cref="CryptographicException">Another form, followed by other bytes, a key of another kind, curve or size, or one whose
    /// numbers do not belong together.</exception>
    public static SigningKey Import(JwsAlgorithm algorithm, ReadOnlySpan<byte> secret) =>
        algorithm == JwsAlgorithm.HS256 ? new HmacSigningKey(secret) : PrivateKeyBytes.Read(algorithm, PrivateKeyForm.Pkcs8, secret);

    /// <summary>
    /// Reads the one private key in a PEM text (RFC 7468): <c>PRIVATE KEY</c> (PKCS#8), <c>EC PRIVATE KEY</c> (SEC 1) or
    /// <c>RSA PRIVATE KEY</c> (PKCS#1).
    /// </summary>
    /// <exception cref="CryptographicException">No such key, several, an encrypted one, or one that <see cref="Import"/> would refuse.</exception>
    public static SigningKey ImportPem(JwsAlgorithm algorithm, ReadOnlySpan<char> pem) => PrivatePem.Read(algorithm, pem);

    /// <summary>
    /// Reads a private or symmetric JWK (RFC 7518 §6.2.2, §6.3.2, §6.4). Its <c>kid</c> is not taken over: keys go by their thumbprint.
    /// </summary>
    /// <exception cref="CryptographicException">Not a key that one of our algorithms signs with, without an <c>alg</c> where the kind of key
    /// does not tell it, or with members that do not belong together.</exception>
    public static SigningKey ImportJwk(ReadOnlySpan<byte> json) => PrivateJwk.Read(json);

    /// <summary>The first segment of every access token of this key, with its dot: it never changes, so it is encoded once.</summary>
    internal byte[] AccessTokenHeader => field ??= AccessTokenWriter.EncodeHeader(this);

    /// <summary>A key whose halves do not match would sign what nobody can check; better found out now.</summary>
    private protected void RequirePair()
    {
        var signature = new byte[SignatureLength];
        Sign("pair"u8, signature);
        if (!Verification.Verify("pair"u8, signature)) throw new CryptographicException("The private key is not that of the public one.");
    }
}
