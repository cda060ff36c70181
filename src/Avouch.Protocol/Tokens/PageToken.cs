using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>
/// What the cookie of our own pages holds: <c>"avs_" base64url(version ‖ key id ‖ session id ‖ HMAC-SHA256(key, all of these))</c>, always
/// <see cref="TextLength"/> characters. It does not rotate: whether it counts says the row of its session, at each use. The keys are subkeys made for
/// this purpose alone, so neither a refresh token nor a session id that somebody knows becomes such a cookie.
/// </summary>
/// <param name="SessionId">The session that it opens.</param>
public readonly record struct PageToken(Guid SessionId)
{
    /// <summary>What tells it from a token of another kind.</summary>
    public const string Prefix = "avs_";

    private const byte Version = 1;
    private const int SessionAt = 2;
    private const int MacAt = SessionAt + 16;
    private const int ByteLength = MacAt + HMACSHA256.HashSizeInBytes;

    /// <summary>Characters of every page token.</summary>
    public static int TextLength { get; } = Prefix.Length + Base64UrlStrict.EncodedLength(ByteLength);

    /// <summary>The token as text.</summary>
    public string Mint(RefreshKey key)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        bytes[0] = Version;
        bytes[1] = key.Id;
        SessionId.TryWriteBytes(bytes[SessionAt..], bigEndian: true, out _);
        key.Authenticate(bytes[..MacAt], bytes[MacAt..]);
        return Prefix + Base64UrlStrict.Encode(bytes);
    }

    /// <summary>Reads a token that one of the keys made; false for anything else.</summary>
    public static bool TryVerify(ReadOnlySpan<char> text, RefreshKeys keys, out PageToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[ByteLength];
        if (!keys.TryRead(text, Prefix, Version, bytes)) return false;

        token = new PageToken(new Guid(bytes[SessionAt..MacAt], bigEndian: true));
        return true;
    }
}
