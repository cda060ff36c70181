using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>A JSON Web Key Set (RFC 7517 §5).</summary>
public static class JwkSet
{
    /// <summary>Writes the set as UTF-8 JSON, in the order given.</summary>
    public static byte[] Write(IEnumerable<Jwk> keys)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (var key in keys) key.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads a set and keeps what Avouch can verify with; keys of other kinds are passed over (RFC 7517 §5). The whole set is refused when
    /// it holds a private or symmetric key, or one <c>kid</c> twice: its publisher is not in control of it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out IReadOnlyList<Jwk>? keys)
    {
        using var document = JwkReader.TryOpen(json);
        keys = document is null ? null : Read(document.RootElement);
        return keys is not null;
    }

    private static List<Jwk>? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (!root.TryGetProperty("keys", out var array) || array.ValueKind != JsonValueKind.Array) return null;
        if (array.EnumerateArray().Any(JwkReader.HasSecret)) return null;

        var keys = array.EnumerateArray().Select(one => JwkReader.Read(one).Key).OfType<Jwk>().ToList();
        return keys.DistinctBy(key => key.KeyId ?? key.Thumbprint()).Count() == keys.Count ? keys : null;
    }
}
