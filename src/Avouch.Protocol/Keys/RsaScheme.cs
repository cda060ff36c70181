using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>A row of RFC 7518 §3.3 or §3.5: how the hash is padded. A key has one scheme, so that no signature is good under two.</summary>
internal sealed record RsaScheme(JwsAlgorithm Algorithm, RSASignaturePadding Padding)
{
    /// <summary>What new keys get: about 128 bits of strength until 2030 and beyond (NIST SP 800-57, table 2).</summary>
    public const int NewKeyBits = 3072;

    public static readonly RsaScheme RS256 = new(JwsAlgorithm.RS256, RSASignaturePadding.Pkcs1);

    /// <summary>The platform's salt is as long as the hash, as RFC 7518 §3.5 wants it.</summary>
    public static readonly RsaScheme PS256 = new(JwsAlgorithm.PS256, RSASignaturePadding.Pss);

    public static HashAlgorithmName Hash => HashAlgorithmName.SHA256;

    public static RsaScheme? Find(string? algorithm) => algorithm switch
    {
        "RS256" => RS256,
        "PS256" => PS256,
        _ => null,
    };
}
