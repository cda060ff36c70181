using System.Buffers;
using System.Buffers.Text;

namespace Avouch.Protocol;

/// <summary>
/// Base64url as RFC 7515 §2 defines it, and nothing more: no padding, no white space, no <c>+</c> or <c>/</c>, and unused bits that are
/// zero. Bytes have exactly one spelling, so two different texts are never the same token.
/// </summary>
public static class Base64UrlStrict
{
    private static readonly SearchValues<byte> Utf8Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    // The characters whose low four bits, or low two, are zero: all that may end a text of 4n+2 or 4n+3 characters.
    private const string EndsOneByte = "AQgw";
    private const string EndsTwoBytes = "AEIMQUYcgkosw048";

    /// <summary>Characters that <paramref name="byteCount"/> bytes take.</summary>
    public static int EncodedLength(int byteCount) => Base64Url.GetEncodedLength(byteCount);

    /// <summary>Bytes that <paramref name="charCount"/> characters stand for; meaningless where the text is refused.</summary>
    public static int DecodedLength(int charCount) => (int)((long)charCount * 3 / 4);

    /// <summary>Whether the text is the one canonical spelling of some bytes. The empty text is: of no bytes.</summary>
    public static bool IsCanonical(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExcept(Alphabet) && (text.IsEmpty || EndsCleanly(text.Length, text[^1]));

    /// <inheritdoc cref="IsCanonical(ReadOnlySpan{char})"/>
    public static bool IsCanonical(ReadOnlySpan<byte> text) =>
        !text.ContainsAnyExcept(Utf8Alphabet) && (text.IsEmpty || EndsCleanly(text.Length, (char)text[^1]));

    /// <summary>Encodes into a new string.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Encodes into ASCII bytes and returns their number. The destination needs <see cref="EncodedLength"/> bytes.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> destination) => Base64Url.EncodeToUtf8(bytes, destination);

    /// <summary>
    /// Decodes canonical text; false where it is not canonical or the destination is shorter than <see cref="DecodedLength"/>.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        return IsCanonical(text) && Base64Url.TryDecodeFromChars(text, destination, out written);
    }

    /// <inheritdoc cref="TryDecode(ReadOnlySpan{char}, Span{byte}, out int)"/>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        return IsCanonical(text) && Base64Url.TryDecodeFromUtf8(text, destination, out written);
    }

    private static bool EndsCleanly(int length, char last) => (length % 4) switch
    {
        0 => true,
        2 => EndsOneByte.Contains(last),
        3 => EndsTwoBytes.Contains(last),
        _ => false, // one character carries six bits: not a byte
    };
}
