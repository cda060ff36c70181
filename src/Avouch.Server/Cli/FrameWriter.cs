using System.Text;

namespace Avouch.Server.Cli;

/// <summary>A text writer whose text arrives at the command that asked, as it is written.</summary>
internal sealed class FrameWriter(Wire wire, FrameKind kind) : TextWriter
{
    /// <summary>At most three bytes of UTF-8 for each UTF-16 unit, so that a piece always fits into a frame.</summary>
    private const int PieceLength = Frame.MaxBytes / 3;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value) => WriteAsync(value).GetAwaiter().GetResult();

    public override void WriteLine(string? value) => Write(value + "\n");

    /// <summary>Waits as long as the command does not read, and holds no thread meanwhile.</summary>
    public override async Task WriteAsync(string? value)
    {
        for (var rest = value ?? ""; rest.Length > 0;)
        {
            var length = Math.Min(rest.Length, PieceLength);
            if (length < rest.Length && char.IsHighSurrogate(rest[length - 1])) length--;
            await wire.Write(kind, rest[..length]);
            rest = rest[length..];
        }
    }

    public override Task WriteLineAsync(string? value) => WriteAsync(value + "\n");
}
