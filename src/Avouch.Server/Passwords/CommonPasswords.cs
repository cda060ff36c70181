using System.IO.Compression;
using System.Text;

namespace Avouch.Server.Passwords;

/// <summary>
/// The list made by eng/common-passwords.mjs: lower-case lines, sorted by their bytes. It is one array of 420 KiB, read when first asked, and
/// searched where it lies: 41,621 strings would take eight times as much.
/// </summary>
internal static class CommonPasswords
{
    private const byte NewLine = (byte)'\n';

    private static readonly Lazy<byte[]> Lines = new(ReadLines);

    public static int Count => Lines.Value.AsSpan().Count(NewLine);

    /// <summary>Case does not count: "PassWord1234" falls with the first dictionary that knows "password1234".</summary>
    public static bool Contains(string password)
    {
        ReadOnlySpan<byte> wanted = Encoding.UTF8.GetBytes(password.ToLowerInvariant());
        ReadOnlySpan<byte> lines = Lines.Value;
        while (!lines.IsEmpty)
        {
            int start = lines[..(lines.Length / 2)].LastIndexOf(NewLine) + 1;
            int end = start + lines[start..].IndexOf(NewLine);
            int order = wanted.SequenceCompareTo(lines[start..end]);
            if (order == 0) return true;
            lines = order < 0 ? lines[..start] : lines[(end + 1)..];
        }
        return false;
    }

    public static Stream Open() =>
        new BrotliStream(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.br")!, CompressionMode.Decompress);

    private static byte[] ReadLines()
    {
        using var packed = Open();
        using MemoryStream lines = new();
        packed.CopyTo(lines);
        return lines.ToArray();
    }
}
