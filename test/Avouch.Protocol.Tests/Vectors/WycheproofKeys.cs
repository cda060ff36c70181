using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Avouch.Protocol.Tests;

/// <summary>The keys of a Wycheproof group as a user of the library would take them, or none where the library refuses them.</summary>
internal sealed class WycheproofKeys
{
    private readonly Dictionary<string, VerificationKey> keys = new(StringComparer.Ordinal);

    /// <summary>Null where one of the keys is refused, or two go by the same name.</summary>
    public static WycheproofKeys? Read(JsonElement group)
    {
        var given = group.TryGetProperty("public", out var key) ? key : group.GetProperty("private");
        var found = new WycheproofKeys();
        var areRead = Each(given).TrueForAll(one => Text(one, "kty") == "oct") ? found.AddSecrets(given) : found.AddPublic(given);
        return areRead ? found : null;
    }

    public bool Accept(string token)
    {
        var chosen = keys.Count == 1 ? keys.Values.Single() : keys.GetValueOrDefault(KeyIdOf(token));
        return chosen is not null && Jws.TryVerify(token, chosen, out _, out _);
    }

    public static List<JsonElement> Each(JsonElement key) => key.TryGetProperty("keys", out var set) ? [.. set.EnumerateArray()] : [key];

    public static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static byte[] Bytes(JsonElement json) => Encoding.UTF8.GetBytes(json.GetRawText());

    private bool AddPublic(JsonElement key)
    {
        if (key.TryGetProperty("keys", out _))
            return JwkSet.TryParse(Bytes(key), out var set) && set.All(one => keys.TryAdd(one.KeyId!, one.ToVerificationKey()));
        return Jwk.TryParse(Bytes(key), out var jwk, out _) && keys.TryAdd(jwk.KeyId!, jwk.ToVerificationKey());
    }

    private bool AddSecrets(JsonElement key)
    {
        try
        {
            return Each(key).TrueForAll(one => keys.TryAdd(Text(one, "kid")!, SigningKey.ImportJwk(Bytes(one)).Verification));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string KeyIdOf(string token)
    {
        Assert.Equal(TokenFault.None, JwsHeader.Read(Base64.Decode(token.Split('.')[0]), out var header));
        return Encoding.UTF8.GetString(header.KeyId);
    }
}
