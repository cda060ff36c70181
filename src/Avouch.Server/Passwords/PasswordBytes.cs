using System.Buffers;
using System.Text;

namespace Avouch.Server.Passwords;

/// <summary>A password as bytes: UTF-8 of exactly what was typed, no normalisation, no trimming (ASVS 5.0 6.2.8).</summary>
internal static class PasswordBytes
{
    private const int MaxBytesPerUnit = 3;

    /// <summary>
    /// Pinned, so that no collection leaves a copy behind when the caller wipes it. A lone surrogate has no UTF-8 and becomes the three bytes
    /// of its own number: replaced by U+FFFD it would match another password.
    /// </summary>
    public static byte[] Encode(ReadOnlySpan<char> password, out int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(password.Length * MaxBytesPerUnit, pinned: true);
        length = 0;
        while (!password.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(password, out var rune, out int units);
            length += status == OperationStatus.Done
                ? rune.EncodeToUtf8(bytes.AsSpan(length))
                : EncodeSurrogate(password[0], bytes.AsSpan(length));
            password = password[units..];
        }
        return bytes;
    }

    public static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int units) != OperationStatus.Done) return true;
            text = text[units..];
        }
        return false;
    }

    private static int EncodeSurrogate(char unit, Span<byte> bytes)
    {
        bytes[0] = (byte)(0xE0 | unit >> 12);
        bytes[1] = (byte)(0x80 | unit >> 6 & 0x3F);
        bytes[2] = (byte)(0x80 | unit & 0x3F);
        return MaxBytesPerUnit;
    }
}
