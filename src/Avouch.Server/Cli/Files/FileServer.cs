namespace Avouch.Server.Cli.Files;

/// <summary>
/// The command's side: opens, reads and writes for the server, with the rights of whoever typed the command, and only what they typed. A server
/// must not be able to make an operator's shell write somewhere that the operator never named.
/// </summary>
/// <param name="args">The command line: the files that it names, and no others.</param>
/// <param name="own">What is not written over, as this side knows it.</param>
internal sealed class FileServer(Wire wire, string[] args, OwnFiles own) : IAsyncDisposable
{
    private readonly Dictionary<int, Stream> reading = [];
    private readonly Dictionary<int, NewFile> writing = [];
    private readonly byte[] piece = new byte[FileRequest.PieceBytes];
    private int lastId;

    public static bool Serves(FrameKind kind) => kind is FrameKind.OpenFile or FrameKind.CreateFile or FrameKind.ReadFile or FrameKind.WriteFile or FrameKind.KeepFile or FrameKind.CloseFile;

    /// <summary>Does what one frame asks for, and answers it.</summary>
    public async Task Serve(Frame frame)
    {
        try
        {
            var answer = await Answer(frame);
            if (frame.Kind != FrameKind.CloseFile) await wire.Write(FrameKind.FileDone, answer);
        }
        catch (FileException refused)
        {
            await wire.Write(FrameKind.FileRefused, refused.Message);
        }
    }

    /// <summary>Closes what is still open. A file that was not kept is gone again.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var stream in reading.Values) await stream.DisposeAsync();
        foreach (var file in writing.Values) await file.DisposeAsync();
    }

    private async Task<ReadOnlyMemory<byte>> Answer(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.OpenFile: return await Open(frame.Text);
            case FrameKind.CreateFile: return await Create(frame);
            case FrameKind.ReadFile: return await Read(Known(reading, frame), FileRequest.Count(frame.Bytes));
            case FrameKind.WriteFile: await Write(Known(writing, frame), frame.Bytes.AsMemory(FileRequest.IdBytes)); break;
            case FrameKind.KeepFile: await Known(writing, frame).Keep(); break;
            default: await Close(FileRequest.Id(frame.Bytes)); break;
        }
        return ReadOnlyMemory<byte>.Empty;
    }

    private async Task<ReadOnlyMemory<byte>> Open(string path)
    {
        RequireNamed(path);
        reading.Add(++lastId, await new LocalFiles(own).OpenRead(path));
        return FileRequest.Opened(lastId, reading[lastId].CanSeek ? reading[lastId].Length : -1);
    }

    private async Task<ReadOnlyMemory<byte>> Create(Frame frame)
    {
        var (path, taken, serverOwn) = FileRequest.Creation(frame.Bytes);
        RequireNamed(path);
        writing.Add(++lastId, await new LocalFiles(own with { Secrets = [.. own.Secrets, .. serverOwn] }).Create(path, taken));
        return FileRequest.Of(lastId);
    }

    private async Task<ReadOnlyMemory<byte>> Read(Stream stream, int count)
    {
        try
        {
            return piece.AsMemory(0, await stream.ReadAsync(piece.AsMemory(0, count)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Reading((stream as FileStream)?.Name ?? "The file", fault);
        }
    }

    private static async Task Write(NewFile file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await file.Content.WriteAsync(bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Writing((file.Content as FileStream)?.Name ?? "The file", fault);
        }
    }

    private async Task Close(int id)
    {
        if (reading.Remove(id, out var stream)) await stream.DisposeAsync();
        if (writing.Remove(id, out var file)) await file.DisposeAsync();
    }

    private static T Known<T>(Dictionary<int, T> open, Frame frame) => open.TryGetValue(FileRequest.Id(frame.Bytes), out var known)
        ? known
        : throw new InvalidDataException($"The server spoke of a file that is not open ({frame.Kind}).");

    private void RequireNamed(string path)
    {
        if (args.Any(arg => arg == path || arg.EndsWith("=" + path, StringComparison.Ordinal))) return;
        throw new FileException($"The server asked for \"{path}\", which this command line does not name. Nothing was opened; look at the server's log.");
    }
}
