using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Avouch.Protocol;

/// <summary>
/// A refresh token is a function of its session, so none is ever stored:
/// <c>"avr_" base64url(version ‖ key id ‖ session id ‖ generation ‖ HMAC-SHA256(key, all of these))</c>, always <see cref="TextLength"/>
/// characters. Whether the generation is still the session's is the session's business; here it is only certain that we made the token.
/// </summary>
/// <param name="SessionId">The session it belongs to.</param>
/// <param name="Generation">How often the session had been refreshed when the token was made; never negative.</param>
public readonly record struct RefreshToken(Guid SessionId, long Generation)
{
    /// <summary>What secret scanners look for, and what tells it from a token of another kind.</summary>
    public const string Prefix = "avr_";

    private const byte Version = 1;
    private const int SessionAt = 2;
    private const int GenerationAt = SessionAt + 16;
    private const int MacAt = GenerationAt + sizeof(long);
    private const int ByteLength = MacAt + HMACSHA256.HashSizeInBytes;

    /// <summary>Characters of every refresh token.</summary>
    public static int TextLength { get; } = Prefix.Length + Base64UrlStrict.EncodedLength(ByteLength);

    /// <summary>
    /// The token as text. The same session, generation and key always give the same text: a repeated request gets the same answer.
    /// </summary>
    /// <exception cref="InvalidOperationException">The generation is negative.</exception>
    public string Mint(RefreshKey key)
    {
        if (Generation < 0) throw new InvalidOperationException("A generation is never negative.");

        Span<byte> bytes = stackalloc byte[ByteLength];
        bytes[0] = Version;
        bytes[1] = key.Id;
        SessionId.TryWriteBytes(bytes[SessionAt..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[GenerationAt..], Generation);
        key.Authenticate(bytes[..MacAt], bytes[MacAt..]);
        return Prefix + Base64UrlStrict.Encode(bytes);
    }

    /// <summary>
    /// Reads a token that one of the keys made; false for anything else, without a word why, since only a forger would learn from it.
    /// </summary>
    public static bool TryVerify(ReadOnlySpan<char> text, RefreshKeys keys, out RefreshToken token)
    {
        token = default;
        Span<byte> bytes = stackalloc byte[ByteLength];
        if (!keys.TryRead(text, Prefix, Version, bytes)) return false;

        token = new RefreshToken(
            new Guid(bytes[SessionAt..GenerationAt], bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(bytes[GenerationAt..]));
        return true;
    }
}
