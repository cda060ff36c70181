namespace Avouch.Protocol;

/// <summary>The signature algorithms of RFC 7518 §3.1 that Avouch signs and verifies with. There is no <c>none</c> to choose.</summary>
public enum JwsAlgorithm
{
    /// <summary>HMAC with SHA-256 (RFC 7518 §3.2): whoever can check a token can make one.</summary>
    HS256,

    /// <summary>ECDSA on P-256 with SHA-256 (RFC 7518 §3.4).</summary>
    ES256,
}

/// <summary>Names of <see cref="JwsAlgorithm"/> on the wire. They are case-sensitive (RFC 7515 §4.1.1).</summary>
public static class JwsAlgorithms
{
    /// <summary>The value of <c>alg</c>.</summary>
    public static string Name(this JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.HS256 => "HS256",
        JwsAlgorithm.ES256 => "ES256",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>False for every name but the exact ones, <c>none</c> in all its spellings included.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out JwsAlgorithm algorithm)
    {
        algorithm = name is "ES256" ? JwsAlgorithm.ES256 : JwsAlgorithm.HS256;
        return name is "ES256" or "HS256";
    }

    internal static ReadOnlySpan<byte> NameUtf8(this JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.HS256 => "HS256"u8,
        JwsAlgorithm.ES256 => "ES256"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
