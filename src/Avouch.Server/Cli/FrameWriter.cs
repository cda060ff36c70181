using System.Text;

namespace Avouch.Server.Cli;

/// <summary>A text writer whose text arrives at the command that asked, as it is written.</summary>
internal sealed class FrameWriter(Stream stream, FrameKind kind) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value)) Frame.Write(stream, kind, value).GetAwaiter().GetResult();
    }

    public override void WriteLine(string? value) => Write(value + "\n");
}
