namespace Avouch.Server.Cli.Files;

/// <summary>The bytes of a file that the other side of the socket holds open. Each piece waits for its answer: a slow disk there slows us down here.</summary>
/// <param name="length">In bytes; -1 where it is not known.</param>
internal sealed class RemoteStream(RemotePerson person, int id, long length, bool isReading) : Stream
{
    private byte[] piece = [];
    private int taken;
    private bool isClosed;

    public override bool CanRead => isReading;

    public override bool CanWrite => !isReading;

    public override bool CanSeek => false;

    public override long Length => length >= 0 ? length : throw new NotSupportedException("The length of a pipe is not known.");

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (taken == piece.Length)
            (piece, taken) = (await RemoteFiles.Ask(person, FrameKind.ReadFile, FileRequest.Read(id, FileRequest.PieceBytes)).WaitAsync(cancellationToken), 0);
        var count = Math.Min(buffer.Length, piece.Length - taken);
        piece.AsMemory(taken, count).CopyTo(buffer);
        taken += count;
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var rest = buffer; !rest.IsEmpty;)
        {
            var part = rest[..Math.Min(rest.Length, FileRequest.PieceBytes)];
            await RemoteFiles.Ask(person, FrameKind.WriteFile, FileRequest.Of(id, part.Span)).WaitAsync(cancellationToken);
            rest = rest[part.Length..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // every write has been answered by the process that holds the file
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await Release();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Release().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    private async Task Release()
    {
        if (isClosed) return;
        isClosed = true;
        await person.Tell(FrameKind.CloseFile, FileRequest.Of(id));
    }
}
