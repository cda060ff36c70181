using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>
/// What stands in a hidden field of each form of our own pages: <c>"avf_" base64url(version ‖ key id ‖ nonce ‖ HMAC-SHA256(key, all of these ‖ holder))</c>.
/// Only whoever we gave the form to can send it, since another site knows neither the field nor the holder's cookie; the nonce tells a form that is
/// sent twice from two forms.
/// </summary>
/// <param name="Nonce">Another one for each form.</param>
public readonly record struct FormToken(Guid Nonce)
{
    /// <summary>What tells it from a token of another kind.</summary>
    public const string Prefix = "avf_";

    private const byte Version = 1;
    private const int NonceAt = 2;
    private const int MacAt = NonceAt + 16;
    private const int ByteLength = MacAt + HMACSHA256.HashSizeInBytes;

    /// <summary>The token as text.</summary>
    /// <param name="holder">The session or the visitor that the form is for.</param>
    public string Mint(RefreshKey key, Guid holder)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        bytes[0] = Version;
        bytes[1] = key.Id;
        Nonce.TryWriteBytes(bytes[NonceAt..], bigEndian: true, out _);
        Span<byte> message = stackalloc byte[MacAt + 16];
        bytes[..MacAt].CopyTo(message);
        holder.TryWriteBytes(message[MacAt..], bigEndian: true, out _);
        key.Authenticate(message, bytes[MacAt..]);
        return Prefix + Base64UrlStrict.Encode(bytes);
    }

    /// <summary>Reads a token that one of the keys made for this holder; false for anything else.</summary>
    public static bool TryVerify(ReadOnlySpan<char> text, RefreshKeys keys, Guid holder, out FormToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[ByteLength];
        Span<byte> bound = stackalloc byte[16];
        holder.TryWriteBytes(bound, bigEndian: true, out _);
        if (!keys.TryRead(text, Prefix, Version, bytes, bound)) return false;

        token = new FormToken(new Guid(bytes[NonceAt..MacAt], bigEndian: true));
        return true;
    }
}
