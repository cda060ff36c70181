using System.Numerics;
using System.Text.Json;

namespace Avouch.Protocol.Tests;

/// <summary>The rules for published keys once more, slow and plain: whether a key is read, and what is read of it.</summary>
internal static class JwkOracle
{
    private static readonly string[] Secrets = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

    // FIPS 186-4 appendix D.1.2: p and b; a is -3
    private static readonly Dictionary<string, (string Alg, int Bytes, BigInteger P, BigInteger B)> Curves = new()
    {
        ["P-256"] = ("ES256", 32,
            BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1,
            Hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b")),
        ["P-384"] = ("ES384", 48,
            BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1,
            Hex("b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef")),
    };

    /// <summary>The key in one line, or null where it is refused.</summary>
    public static string? Read(byte[] json)
    {
        if (PlainJson.Members(json) is not { } key || !HasUniqueNames(key.Values) || Array.Exists(Secrets, key.ContainsKey)) return null;
        if (key.ContainsKey("kid") && string.IsNullOrEmpty(Text(key, "kid"))) return null;
        if (key.ContainsKey("use") && Text(key, "use") != "sig") return null;
        if (key.TryGetValue("key_ops", out var ops) && !AllowsVerify(ops)) return null;
        return Text(key, "kty") switch
        {
            "EC" => IsPoint(key) ? Line(key, "crv", "x", "y") : null,
            "RSA" => IsModulus(key) ? Line(key, "n", "e") : null,
            _ => null,
        };
    }

    /// <summary>The same line for what the library has read.</summary>
    public static string Line(Jwk key) => key switch
    {
        EcJwk curve => Line(key.KeyId, key.Algorithm, key.Use, curve.Curve, curve.X, curve.Y),
        RsaJwk rsa => Line(key.KeyId, key.Algorithm, key.Use, rsa.Modulus, rsa.Exponent),
        _ => throw new InvalidOperationException(),
    };

    private static string Line(params string?[] members) => JsonSerializer.Serialize(members);

    private static string Line(Dictionary<string, JsonElement> key, params string[] numbers) =>
        Line([Text(key, "kid"), Text(key, "alg"), Text(key, "use"), .. numbers.Select(name => Text(key, name))]);

    /// <summary>y² = x³ − 3x + b, with both coordinates below p and of the curve's width.</summary>
    private static bool IsPoint(Dictionary<string, JsonElement> key)
    {
        if (Text(key, "crv") is not { } name || !Curves.TryGetValue(name, out var curve)) return false;
        if (key.ContainsKey("alg") && Text(key, "alg") != curve.Alg) return false;
        if (Bytes(key, "x") is not { } first || Bytes(key, "y") is not { } second) return false;
        if (first.Length != curve.Bytes || second.Length != curve.Bytes) return false;
        var (x, y) = (Number(first), Number(second));
        return x < curve.P && y < curve.P && (x * x * x - 3 * x + curve.B - y * y) % curve.P == 0;
    }

    private static bool IsModulus(Dictionary<string, JsonElement> key)
    {
        if (Text(key, "alg") is not ("RS256" or "PS256")) return false;
        if (Bytes(key, "n") is not [not 0, ..] modulus || Bytes(key, "e") is not [not 0, ..] exponent) return false;
        var (n, e) = (Number(modulus), Number(exponent));
        return n >= BigInteger.Pow(2, 2047) && n < BigInteger.Pow(2, 8192) && !n.IsEven && e >= 3 && e < BigInteger.Pow(2, 32) && !e.IsEven;
    }

    private static bool AllowsVerify(JsonElement operations) =>
        operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(one => PlainJson.Text(one) == "verify");

    private static bool HasUniqueNames(IEnumerable<JsonElement> values) => values.All(value => value.ValueKind switch
    {
        JsonValueKind.Object => PlainJson.Members(System.Text.Encoding.UTF8.GetBytes(value.GetRawText())) is { } inner && HasUniqueNames(inner.Values),
        JsonValueKind.Array => HasUniqueNames(value.EnumerateArray()),
        _ => true,
    });

    private static string? Text(Dictionary<string, JsonElement> key, string name) => key.TryGetValue(name, out var value) ? PlainJson.Text(value) : null;

    private static byte[]? Bytes(Dictionary<string, JsonElement> key, string name) => Text(key, name) is { } text ? PlainJson.Decode(text) : null;

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Hex(string hex) => Number(Convert.FromHexString(hex));
}
