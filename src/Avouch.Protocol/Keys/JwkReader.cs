using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;

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
        if (json.Length > MaxLength || !Utf8.IsValid(json)) return null;
        try
        {
            return JsonDocument.Parse(json.ToArray(), Options);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null; // InvalidOperationException is half a surrogate pair in the escapes of a name
        }
    }

    public static (Jwk? Key, string? Reason) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return Refuse("The key is not a JSON object.");
        if (HasSecret(json)) return Refuse("The key is private or symmetric; only public keys are read.");
        if (!Allows(json, "verify")) return Refuse("The use is not sig, or the key_ops do not hold verify.");
        return ReadPublic(json);
    }

    /// <summary>The public part alone, whatever else there is.</summary>
    public static (Jwk? Key, string? Reason) ReadPublic(JsonElement json)
    {
        if (json.TryGetProperty("kid", out _) && string.IsNullOrEmpty(Text(json, "kid"))) return Refuse("The kid is not a name.");
        var (key, reason) = Text(json, "kty") switch
        {
            "EC" => ReadEc(json),
            "RSA" => ReadRsa(json),
            _ => Refuse("The kty is missing or neither EC nor RSA."),
        };
        return key is null ? Refuse(reason!) : Check(key with { KeyId = Text(json, "kid"), Algorithm = Text(json, "alg"), Use = Text(json, "use") });
    }

    public static bool HasSecret(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && Array.Exists(SecretMembers, name => json.TryGetProperty(name, out _));

    /// <summary>Whether <c>use</c> and <c>key_ops</c> (RFC 7517 §4.2, §4.3), where they are given, let the key do this.</summary>
    public static bool Allows(JsonElement json, string operation)
    {
        if (!IsAbsentOr(json, "use", "sig")) return false;
        if (!json.TryGetProperty("key_ops", out var operations)) return true;
        return operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(one => Text(one) == operation);
    }

    public static bool IsAbsentOr(JsonElement json, string name, string expected) =>
        !json.TryGetProperty(name, out _) || Text(json, name) == expected;

    public static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException) // an escaped half of a surrogate pair, or bytes that are not UTF-8
        {
            return null;
        }
    }

    private static (Jwk?, string?) ReadEc(JsonElement json)
    {
        if (Text(json, "crv") is not { } curve || EcdsaScheme.Find(curve) is not { } scheme) return Refuse("The crv is not supported.");
        if (Text(json, "x") is not { } x || Text(json, "y") is not { } y) return Refuse("A coordinate is missing or not a string.");
        if (!IsAbsentOr(json, "alg", scheme.Algorithm.Name())) return Refuse("The alg is not the one of the curve.");
        return (new EcJwk(curve, x, y), null);
    }

    // RFC 7517 §4.4 makes alg optional; but one RSA key must not serve two schemes, and guessing which one is meant is not ours.
    private static (Jwk?, string?) ReadRsa(JsonElement json)
    {
        if (RsaScheme.Find(Text(json, "alg")) is null) return Refuse("The alg of an RSA key is missing or neither RS256 nor PS256.");
        if (Text(json, "n") is not { } modulus || Text(json, "e") is not { } exponent) return Refuse("A number is missing or not a string.");
        return (new RsaJwk(modulus, exponent), null);
    }

    private static (Jwk?, string?) Check(Jwk jwk)
    {
        try
        {
            jwk.ToVerificationKey();
            return (jwk, null);
        }
        catch (CryptographicException fault)
        {
            return Refuse(jwk is EcJwk curve ? $"The coordinates are not a point on {curve.Curve}." : fault.Message);
        }
    }

    private static (Jwk?, string?) Refuse(string reason) => (null, reason);
}
