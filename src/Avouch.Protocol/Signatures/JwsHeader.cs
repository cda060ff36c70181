using System.Text;
using System.Text.Json;

namespace Avouch.Protocol;

/// <summary>What Avouch believes of a protected header: three names, and that there is nothing in it which it would have to obey.</summary>
internal ref struct JwsHeader : IMemberReader
{
    public ReadOnlySpan<byte> Algorithm;
    public ReadOnlySpan<byte> KeyId;
    public ReadOnlySpan<byte> Type;
    private bool asksTooMuch;

    public static TokenFault Read(ReadOnlySpan<byte> json, out JwsHeader header)
    {
        header = default;
        if (!StrictJson.TryReadObject(json, ref header)) return header.asksTooMuch ? TokenFault.UnsupportedHeader : TokenFault.Malformed;
        return header.Algorithm.IsEmpty ? TokenFault.Malformed : TokenFault.None; // RFC 7515 §4.1.1: alg MUST be present
    }

    /// <summary>RFC 7515 §4.1.9: a media type, so without regard to case, and <c>application/</c> may be left out.</summary>
    public readonly bool IsOfType(ReadOnlySpan<byte> type)
    {
        var prefix = "application/"u8;
        if (Ascii.EqualsIgnoreCase(Type, type)) return true;
        if (Type.Length <= prefix.Length || !Ascii.EqualsIgnoreCase(Type[..prefix.Length], prefix)) return false;
        return Ascii.EqualsIgnoreCase(Type[prefix.Length..], type);
    }

    bool IMemberReader.TryRead(scoped ReadOnlySpan<byte> name, scoped ref Utf8JsonReader value)
    {
        if (asksTooMuch = IsForbidden(name)) return false;
        if (name.SequenceEqual("alg"u8)) return StrictJson.TryText(ref value, out Algorithm);
        if (name.SequenceEqual("kid"u8)) return StrictJson.TryText(ref value, out KeyId);
        if (name.SequenceEqual("typ"u8)) return StrictJson.TryText(ref value, out Type);

        value.Skip(); // RFC 7515 §4: what is not understood is ignored
        return true;
    }

    /// <summary>
    /// <c>crit</c> names rules that must be understood (RFC 7515 §4.1.11) and <c>b64</c> changes what is signed (RFC 7797): Avouch has
    /// neither. The others let a token bring its own key (§4.1.2, §4.1.3, §4.1.5, §4.1.6); ignoring them would do, but no honest issuer of
    /// ours writes them.
    /// </summary>
    private static bool IsForbidden(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("crit"u8) || name.SequenceEqual("b64"u8) || name.SequenceEqual("jku"u8)
        || name.SequenceEqual("jwk"u8) || name.SequenceEqual("x5u"u8) || name.SequenceEqual("x5c"u8);
}
