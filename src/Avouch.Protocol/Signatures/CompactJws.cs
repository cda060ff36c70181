using System.Buffers;
using System.Text;

namespace Avouch.Protocol;

/// <summary>
/// The three segments of the compact serialisation (RFC 7515 §7.1), decoded into memory that the caller lends. Nothing is believed yet.
/// </summary>
internal readonly ref struct CompactJws
{
    private CompactJws(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature)
    {
        SigningInput = signingInput;
        Header = header;
        Payload = payload;
        Signature = signature;
    }

    public ReadOnlySpan<byte> SigningInput { get; }
    public ReadOnlySpan<byte> Header { get; }
    public ReadOnlySpan<byte> Payload { get; }
    public ReadOnlySpan<byte> Signature { get; }

    /// <summary>Bytes of memory that a token needs: itself as ASCII, and its parts decoded.</summary>
    public static int MemoryFor(int tokenLength) => 2 * tokenLength;

    public static bool TryRead(ReadOnlySpan<char> token, Span<byte> memory, out CompactJws jws)
    {
        jws = default;
        if (Ascii.FromUtf16(token, memory, out var length) != OperationStatus.Done) return false;

        ReadOnlySpan<byte> text = memory[..length];
        var free = memory[length..];
        var first = text.IndexOf((byte)'.');
        var last = text.LastIndexOf((byte)'.');
        if (first == last) return false; // a fourth segment shows as a dot in the second, which is not base64url

        if (!TryDecode(text[..first], ref free, out var header)) return false;
        if (!TryDecode(text[(first + 1)..last], ref free, out var payload)) return false;
        if (!TryDecode(text[(last + 1)..], ref free, out var signature)) return false;

        jws = new CompactJws(text[..last], header, payload, signature);
        return true;
    }

    private static bool TryDecode(ReadOnlySpan<byte> segment, scoped ref Span<byte> free, out ReadOnlySpan<byte> bytes)
    {
        var decoded = Base64UrlStrict.TryDecode(segment, free, out var written);
        bytes = free[..written];
        free = free[written..];
        return decoded;
    }
}
