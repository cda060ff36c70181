using System.Text;

namespace Avouch.Server.Cli.Files;

/// <summary>The files of the person behind the socket: their own process opens them, and this one only sees their bytes.</summary>
/// <param name="own">Secrets of this side, which their process is told not to write over.</param>
internal sealed class RemoteFiles(RemotePerson person, OwnFiles own) : CommandFiles
{
    public override async Task<Stream> OpenRead(string path)
    {
        var opened = await Ask(person, FrameKind.OpenFile, Encoding.UTF8.GetBytes(path));
        return new RemoteStream(person, FileRequest.Id(opened), FileRequest.Length(opened), isReading: true);
    }

    public override async Task<NewFile> Create(string path, Occupied taken)
    {
        var made = await Ask(person, FrameKind.CreateFile, FileRequest.Create(path, taken, own.Secrets));
        return new RemoteNewFile(person, FileRequest.Id(made));
    }

    /// <exception cref="FileException">What their process said about the file.</exception>
    public static async Task<byte[]> Ask(RemotePerson person, FrameKind kind, byte[] request)
    {
        var answer = await person.Ask(kind, request);
        return answer.Kind switch
        {
            FrameKind.FileDone => answer.Bytes,
            FrameKind.FileRefused => throw new FileException(answer.Text),
            _ => throw new InvalidDataException($"The command answered {kind} with {answer.Kind}."),
        };
    }
}

/// <inheritdoc cref="NewFile"/>
internal sealed class RemoteNewFile(RemotePerson person, int id) : NewFile
{
    private readonly RemoteStream content = new(person, id, length: -1, isReading: false);

    public override Stream Content => content;

    public override async Task Keep()
    {
        await content.FlushAsync();
        await RemoteFiles.Ask(person, FrameKind.KeepFile, FileRequest.Of(id));
    }

    public override ValueTask DisposeAsync() => content.DisposeAsync();
}
