using System.Buffers.Binary;
using System.Text;

namespace Avouch.Server.Cli;

/// <summary>What is said between a command and the server that carries it out. New kinds go to the end: the numbers are on the wire.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the server: the arguments, one frame each, then <see cref="Begin"/> with what the command's console can do.</summary>
    Argument,
    Begin,

    /// <summary>To the command: text for its standard output or standard error.</summary>
    Output,
    Error,

    /// <summary>To the command: ask for a secret with this prompt; answered with <see cref="Secret"/>, or <see cref="NoSecret"/> at the end of input.</summary>
    AskSecret,
    Secret,
    NoSecret,

    /// <summary>To the command: done, with this exit code.</summary>
    Exit,

    /// <summary>To the command: ask for a line with this prompt; answered with <see cref="Line"/>, or <see cref="NoLine"/> at the end of input.</summary>
    AskLine,
    Line,
    NoLine,

    /// <summary>To the server: the person pressed Ctrl+C.</summary>
    Stop,

    /// <summary>To the command: something about a file of the person's (<see cref="Files.FileRequest"/>), answered with one of the last two.</summary>
    OpenFile,
    CreateFile,
    ReadFile,
    WriteFile,
    KeepFile,
    CloseFile,
    FileDone,
    FileRefused,
}

/// <summary>One message on the socket: a kind, a length of four bytes, and as many bytes, mostly UTF-8 text.</summary>
internal readonly record struct Frame(FrameKind Kind, byte[] Bytes)
{
    public const int MaxBytes = 1 << 20;

    private const int HeaderBytes = 5;

    public string Text => Encoding.UTF8.GetString(Bytes);

    public static async Task Write(Stream stream, FrameKind kind, ReadOnlyMemory<byte> bytes)
    {
        var frame = new byte[HeaderBytes + bytes.Length];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame.AsMemory(HeaderBytes));
        await stream.WriteAsync(frame);
    }

    /// <summary>The next message; <see langword="null"/> where the other side has gone.</summary>
    /// <exception cref="InvalidDataException">It is no message of ours.</exception>
    public static async Task<Frame?> Read(Stream stream, CancellationToken stop)
    {
        var header = new byte[HeaderBytes];
        if (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, stop) < HeaderBytes) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
        if (length is < 0 or > MaxBytes || !Enum.IsDefined((FrameKind)header[0]))
            throw new InvalidDataException("The other side of the command socket speaks another language: the running server is of another version. Restart it.");
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, stop);
        return new Frame((FrameKind)header[0], bytes);
    }
}
