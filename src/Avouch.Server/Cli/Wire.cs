using System.Text;

namespace Avouch.Server.Cli;

/// <summary>One end of the command socket. Whole messages go out one at a time, whoever writes them.</summary>
internal sealed class Wire(Stream stream) : IDisposable
{
    private readonly SemaphoreSlim writing = new(1, 1);

    public Task Write(FrameKind kind, string text = "") => Write(kind, Encoding.UTF8.GetBytes(text));

    public async Task Write(FrameKind kind, ReadOnlyMemory<byte> bytes)
    {
        await writing.WaitAsync();
        try
        {
            await Frame.Write(stream, kind, bytes);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <inheritdoc cref="Frame.Read(Stream, CancellationToken)"/>
    public Task<Frame?> Read(CancellationToken stop = default) => Frame.Read(stream, stop);

    public void Dispose() => writing.Dispose();
}
