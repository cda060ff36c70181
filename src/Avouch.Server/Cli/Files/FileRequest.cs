using System.Buffers.Binary;
using System.Text;

namespace Avouch.Server.Cli.Files;

/// <summary>
/// How the frames about files are laid out. The server asks and the command answers, one at a time, so neither side ever holds more than one piece.
/// <code>
/// OpenFile    path                       → FileDone id, length (-1: a pipe)
/// CreateFile  Occupied (1 byte), path and the server's own files, with a zero between → FileDone id
/// ReadFile    id, how many bytes at most → FileDone bytes (none: the end)
/// WriteFile   id, bytes                  → FileDone
/// KeepFile    id                         → FileDone
/// CloseFile   id                           no answer: whoever closes may have gone
/// </code>
/// Each of them but the last may be answered with FileRefused and a sentence for the person.
/// </summary>
internal static class FileRequest
{
    /// <summary>Most bytes of a file in one frame.</summary>
    public const int PieceBytes = 128 * 1024;

    public const int IdBytes = sizeof(int);

    /// <param name="own">The command knows its own settings only, and the server may have read secrets from other files.</param>
    public static byte[] Create(string path, Occupied taken, IEnumerable<string> own) => [(byte)taken, .. Encoding.UTF8.GetBytes(string.Join('\0', own.Prepend(path)))];

    public static (string Path, Occupied Occupied, string[] Own) Creation(ReadOnlySpan<byte> frame)
    {
        var names = Encoding.UTF8.GetString(frame[1..]).Split('\0');
        return (names[0], (Occupied)frame[0], names[1..]);
    }

    public static byte[] Of(int id, ReadOnlySpan<byte> bytes = default)
    {
        var request = new byte[IdBytes + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(request, id);
        bytes.CopyTo(request.AsSpan(IdBytes));
        return request;
    }

    public static byte[] Read(int id, int count)
    {
        var request = new byte[IdBytes + sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(request, id);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(IdBytes), count);
        return request;
    }

    public static byte[] Opened(int id, long length)
    {
        var answer = new byte[IdBytes + sizeof(long)];
        BinaryPrimitives.WriteInt32BigEndian(answer, id);
        BinaryPrimitives.WriteInt64BigEndian(answer.AsSpan(IdBytes), length);
        return answer;
    }

    public static int Id(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32BigEndian(frame);

    public static int Count(ReadOnlySpan<byte> frame) => Math.Clamp(BinaryPrimitives.ReadInt32BigEndian(frame[IdBytes..]), 0, PieceBytes);

    public static long Length(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt64BigEndian(frame[IdBytes..]);
}
