using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Avouch.Protocol;

/// <summary>
/// JSON Web Signature in its compact serialisation (RFC 7515 §7.1), with any payload. Access tokens have their own, narrower door:
/// <see cref="AccessToken"/>.
/// </summary>
public static class Jws
{
    /// <summary>
    /// Characters of the longest token that is read or made: what fits into the header limits of common servers and proxies.
    /// </summary>
    public const int MaxLength = 8192;

    /// <summary>Signs header and payload exactly as given.</summary>
    /// <exception cref="ArgumentException">The header is one that
    /// <see cref="TryVerify(ReadOnlySpan{char}, VerificationKey, out byte[], out TokenFault)"/> would refuse, or the token would be longer
    /// than <see cref="MaxLength"/>.</exception>
    public static string Sign(SigningKey key, ReadOnlySpan<byte> protectedHeaderJson, ReadOnlySpan<byte> payload)
    {
        var fault = JwsHeader.Read(protectedHeaderJson, out var header);
        if (fault == TokenFault.None && !IsFor(header, key.Verification)) fault = TokenFault.WrongAlgorithm;
        if (fault != TokenFault.None)
            throw new ArgumentException($"Nobody could verify this header: {fault}.", nameof(protectedHeaderJson));

        using var memory = new RentedMemory(Base64UrlStrict.EncodedLength(protectedHeaderJson.Length) + 1);
        return Compose(key, EncodeSegment(protectedHeaderJson, memory.Span), payload);
    }

    /// <summary>
    /// Checks a token against one key that the caller chose by other means; a <c>kid</c> in the header is not looked at, nor is <c>typ</c>.
    /// The caller must know from elsewhere that this kind of token cannot be another (RFC 8725 §3.11, §3.12).
    /// </summary>
    public static bool TryVerify(
        ReadOnlySpan<char> token, VerificationKey key, [NotNullWhen(true)] out byte[]? payload, out TokenFault fault)
    {
        using var memory = new RentedMemory(MemoryFor(token));
        fault = Read(token, memory.Span, out var jws, out var header);
        if (fault == TokenFault.None) fault = Check(jws, header, key);
        payload = fault == TokenFault.None ? jws.Payload.ToArray() : null;
        return payload is not null;
    }

    /// <summary>
    /// Checks a token whose <c>kid</c> is in the ring and whose <c>typ</c> is the expected media type, such as <c>JWT</c> or <c>at+jwt</c>.
    /// </summary>
    public static bool TryVerify(
        ReadOnlySpan<char> token, KeyRing keys, ReadOnlySpan<byte> type, [NotNullWhen(true)] out byte[]? payload, out TokenFault fault)
    {
        using var memory = new RentedMemory(MemoryFor(token));
        fault = Verify(token, keys, type, memory.Span, out var verified);
        payload = fault == TokenFault.None ? verified.ToArray() : null;
        return payload is not null;
    }

    internal static int MemoryFor(ReadOnlySpan<char> token) => CompactJws.MemoryFor(Math.Min(token.Length, MaxLength));

    /// <summary>The payload lies in <paramref name="memory"/> and is empty unless the signature holds.</summary>
    internal static TokenFault Verify(
        ReadOnlySpan<char> token, KeyRing keys, ReadOnlySpan<byte> type, Span<byte> memory, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        var fault = Read(token, memory, out var jws, out var header);
        if (fault != TokenFault.None) return fault;
        if (!header.IsOfType(type)) return TokenFault.WrongType;
        if (keys.Find(header.KeyId) is not { } key) return TokenFault.UnknownKey;

        fault = Check(jws, header, key);
        if (fault == TokenFault.None) payload = jws.Payload;
        return fault;
    }

    /// <summary>header '.' payload '.' signature, the header being encoded already and ending with its dot.</summary>
    internal static string Compose(SigningKey key, ReadOnlySpan<byte> headerSegment, ReadOnlySpan<byte> payload)
    {
        var inputLength = headerSegment.Length + Base64UrlStrict.EncodedLength(payload.Length);
        var length = inputLength + 1 + Base64UrlStrict.EncodedLength(key.SignatureLength);
        if (length > MaxLength) throw new ArgumentException($"The token would be longer than {MaxLength} characters.", nameof(payload));

        using var memory = new RentedMemory(length);
        var text = memory.Span[..length];
        headerSegment.CopyTo(text);
        Base64UrlStrict.Encode(payload, text[headerSegment.Length..]);

        Span<byte> signature = stackalloc byte[key.SignatureLength];
        key.Sign(text[..inputLength], signature);
        text[inputLength] = (byte)'.';
        Base64UrlStrict.Encode(signature, text[(inputLength + 1)..]);
        return Encoding.ASCII.GetString(text);
    }

    internal static ReadOnlySpan<byte> EncodeSegment(ReadOnlySpan<byte> json, Span<byte> memory)
    {
        var length = Base64UrlStrict.Encode(json, memory);
        memory[length] = (byte)'.';
        return memory[..(length + 1)];
    }

    private static TokenFault Read(ReadOnlySpan<char> token, Span<byte> memory, out CompactJws jws, out JwsHeader header)
    {
        jws = default;
        header = default;
        if (token.Length > MaxLength) return TokenFault.TooLong;
        if (!CompactJws.TryRead(token, memory, out jws)) return TokenFault.Malformed;
        return JwsHeader.Read(jws.Header, out header);
    }

    private static TokenFault Check(in CompactJws jws, in JwsHeader header, VerificationKey key)
    {
        if (!IsFor(header, key)) return TokenFault.WrongAlgorithm;
        return key.Verify(jws.SigningInput, jws.Signature) ? TokenFault.None : TokenFault.BadSignature;
    }

    // RFC 8725 §3.1: the key decides the algorithm, and the header may only agree. So "none", and HS256 with a public key as the secret,
    // end here.
    private static bool IsFor(in JwsHeader header, VerificationKey key) => header.Algorithm.SequenceEqual(key.Algorithm.NameUtf8());
}
