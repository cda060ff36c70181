namespace Avouch.Protocol;

/// <summary>
/// What checks signatures, under one name and with one algorithm, whatever a token's header says. Safe to use from many threads.
/// </summary>
public abstract class VerificationKey
{
    private protected VerificationKey(string keyId, JwsAlgorithm algorithm)
    {
        KeyId = keyId;
        Algorithm = algorithm;
    }

    /// <summary>The <c>kid</c> this key is found by.</summary>
    public string KeyId { get; }

    /// <summary>The algorithm of the key. A header that names another one is refused, never obeyed (RFC 8725 §3.1).</summary>
    public JwsAlgorithm Algorithm { get; }

    /// <summary>What may be published of the key; null for a symmetric key, of which nothing may.</summary>
    public abstract Jwk? PublicJwk { get; }

    /// <summary>Whether the signature is this key's over these bytes. Wrong lengths and forms are false, never an exception.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature);
}
