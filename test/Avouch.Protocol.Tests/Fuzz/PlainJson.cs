using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Avouch.Protocol.Tests;

/// <summary>The slow readings under the oracles: strings, documents, dictionaries. Nothing of the library is used.</summary>
internal static partial class PlainJson
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>RFC 7515 §2, one spelling for each sequence of bytes: what is decoded must encode to the same text.</summary>
    public static byte[]? Decode(string text)
    {
        if (!Alphabet().IsMatch(text) || text.Length % 4 == 1) return null;
        var bytes = Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));
        return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_') == text ? bytes : null;
    }

    /// <summary>The members of an object, by name; null where the text is not one object of RFC 8259, at most 8 deep, with unique names.</summary>
    public static Dictionary<string, JsonElement>? Members(byte[] utf8)
    {
        try
        {
            var root = JsonDocument.Parse(Strict.GetString(utf8), new JsonDocumentOptions { MaxDepth = 8 }).RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var member in root.EnumerateObject())
                if (!members.TryAdd(member.Name, member.Value)) return null;
            return members;
        }
        catch (Exception fault) when (fault is DecoderFallbackException or JsonException or InvalidOperationException)
        {
            return null;   // not UTF-8; not JSON; half a surrogate pair in the escapes of a name
        }
    }

    /// <summary>Null where it is not a string, or has half a surrogate pair in its escapes.</summary>
    public static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]*\z")]
    private static partial Regex Alphabet();
}
