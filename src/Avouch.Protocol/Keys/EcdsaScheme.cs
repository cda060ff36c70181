using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>One row of RFC 7518 §3.4: the curve, the hash and the sizes that belong to an algorithm.</summary>
internal sealed record EcdsaScheme(JwsAlgorithm Algorithm, string CurveName, ECCurve Curve, HashAlgorithmName Hash, int CoordinateLength)
{
    public static readonly EcdsaScheme ES256 =
        new(JwsAlgorithm.ES256, "P-256", ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, CoordinateLength: 32);

    public static readonly EcdsaScheme ES384 =
        new(JwsAlgorithm.ES384, "P-384", ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384, CoordinateLength: 48);

    private static readonly EcdsaScheme[] All = [ES256, ES384];

    /// <summary>r ‖ s, each as long as a coordinate.</summary>
    public int SignatureLength => 2 * CoordinateLength;

    public static EcdsaScheme? Find(string curveName) => Array.Find(All, scheme => scheme.CurveName == curveName);

    public bool IsCurveOf(ECParameters key) => key.Curve.IsNamed && key.Curve.Oid.Value == Curve.Oid.Value;
}
