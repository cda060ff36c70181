using System.Security.Cryptography;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>Reads keys that others published. Rare and off every hot path, so it may take a <see cref="JsonDocument"/>.</summary>
internal static class JwkReader
{
    private const int MaxLength = 256 * 1024;

    // RFC 7518 §6.2.2, §6.3.2 and §6.4.1. Met in public, such a key is burnt.
    private static readonly string[] SecretMembers = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static JsonDocument? TryOpen(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxLength) return null;
        try
        {
            return JsonDocument.Parse(json.ToArray(), Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static (Jwk? Key, string? Reason) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return Refuse("The key is not a JSON object.");
        if (HasSecret(json)) return Refuse("The key is private or symmetric; only public keys are read.");
        if (Text(json, "kty") is not "EC") return Refuse("The kty is missing or not EC.");
        if (Text(json, "crv") is not { } curve || EcdsaScheme.Find(curve) is not { } scheme) return Refuse("The crv is not supported.");
        if (Text(json, "x") is not { } x || Text(json, "y") is not { } y) return Refuse("A coordinate is missing or not a string.");
        if (!IsAbsentOr(json, "alg", scheme.Algorithm.Name())) return Refuse("The alg is not the one of the curve.");
        if (!IsAbsentOr(json, "use", "sig")) return Refuse("The use is not sig.");
        if (!AllowsVerify(json)) return Refuse("The key_ops do not hold verify.");
        if (json.TryGetProperty("kid", out _) && string.IsNullOrEmpty(Text(json, "kid"))) return Refuse("The kid is not a name.");

        return Check(new Jwk("EC", curve, x, y) { KeyId = Text(json, "kid"), Algorithm = Text(json, "alg"), Use = Text(json, "use") });
    }

    public static bool HasSecret(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && Array.Exists(SecretMembers, name => json.TryGetProperty(name, out _));

    private static (Jwk?, string?) Check(Jwk jwk)
    {
        try
        {
            jwk.ToVerificationKey();
            return (jwk, null);
        }
        catch (CryptographicException)
        {
            return Refuse($"The coordinates are not a point on {jwk.Curve}.");
        }
    }

    private static (Jwk?, string?) Refuse(string reason) => (null, reason);

    private static bool IsAbsentOr(JsonElement json, string name, string expected) =>
        !json.TryGetProperty(name, out _) || Text(json, name) == expected;

    private static bool AllowsVerify(JsonElement json)
    {
        if (!json.TryGetProperty("key_ops", out var operations)) return true;
        return operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals("verify"u8));
    }

    private static string? Text(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException) // an escaped half of a surrogate pair, or bytes that are not UTF-8
        {
            return null;
        }
    }
}
