namespace Avouch.Protocol;

/// <summary>The signature algorithms of RFC 7518 §3.1 that Avouch signs and verifies with. There is no <c>none</c> to choose.</summary>
public enum JwsAlgorithm
{
    /// <summary>HMAC with SHA-256 (RFC 7518 §3.2): whoever can check a token can make one.</summary>
    HS256,

    /// <summary>ECDSA on P-256 with SHA-256 (RFC 7518 §3.4).</summary>
    ES256,

    /// <summary>ECDSA on P-384 with SHA-384 (RFC 7518 §3.4).</summary>
    ES384,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3): what every other system can check.</summary>
    RS256,

    /// <summary>RSASSA-PSS with SHA-256, MGF1 with SHA-256 and 32 bytes of salt (RFC 7518 §3.5).</summary>
    PS256,
}

/// <summary>Names of <see cref="JwsAlgorithm"/> on the wire. They are case-sensitive (RFC 7515 §4.1.1).</summary>
public static class JwsAlgorithms
{
    /// <summary>The value of <c>alg</c>.</summary>
    public static string Name(this JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.HS256 => "HS256",
        JwsAlgorithm.ES256 => "ES256",
        JwsAlgorithm.ES384 => "ES384",
        JwsAlgorithm.RS256 => "RS256",
        JwsAlgorithm.PS256 => "PS256",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>False for every name but the exact ones, <c>none</c> in all its spellings included.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out JwsAlgorithm algorithm)
    {
        JwsAlgorithm? found = name switch
        {
            "HS256" => JwsAlgorithm.HS256,
            "ES256" => JwsAlgorithm.ES256,
            "ES384" => JwsAlgorithm.ES384,
            "RS256" => JwsAlgorithm.RS256,
            "PS256" => JwsAlgorithm.PS256,
            _ => null,
        };
        algorithm = found.GetValueOrDefault();
        return found is not null;
    }

    internal static ReadOnlySpan<byte> NameUtf8(this JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.HS256 => "HS256"u8,
        JwsAlgorithm.ES256 => "ES256"u8,
        JwsAlgorithm.ES384 => "ES384"u8,
        JwsAlgorithm.RS256 => "RS256"u8,
        JwsAlgorithm.PS256 => "PS256"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
