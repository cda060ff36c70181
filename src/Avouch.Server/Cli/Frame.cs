using System.Buffers.Binary;
using System.Text;

namespace Avouch.Server.Cli;

/// <summary>What is said between a command and the server that carries it out.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the server: the arguments, one frame each, then <see cref="Begin"/>.</summary>
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
}

/// <summary>One message on the socket: a kind, a length of four bytes, UTF-8 text.</summary>
internal readonly record struct Frame(FrameKind Kind, string Text)
{
    private const int HeaderBytes = 5;
    private const int MaxBytes = 1 << 20;

    public static async Task Write(Stream stream, FrameKind kind, string text = "")
    {
        var frame = new byte[HeaderBytes + Encoding.UTF8.GetByteCount(text)];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - HeaderBytes);
        Encoding.UTF8.GetBytes(text, frame.AsSpan(HeaderBytes));
        await stream.WriteAsync(frame);
    }

    /// <summary>The next message; <see langword="null"/> where the other side has gone.</summary>
    /// <exception cref="InvalidDataException">It is no message of ours.</exception>
    public static async Task<Frame?> Read(Stream stream)
    {
        var header = new byte[HeaderBytes];
        if (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
        if (length is < 0 or > MaxBytes || header[0] > (byte)FrameKind.Exit) throw new InvalidDataException("The other side of the command socket speaks another language.");
        var text = new byte[length];
        await stream.ReadExactlyAsync(text);
        return new Frame((FrameKind)header[0], Encoding.UTF8.GetString(text));
    }
}
