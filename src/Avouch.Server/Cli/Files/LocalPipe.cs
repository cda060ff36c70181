namespace Avouch.Server.Cli.Files;

/// <summary>A pipe or a device that somebody reads while it is written: nothing to rename, and nothing to take back.</summary>
internal sealed class LocalPipe(FileStream content) : NewFile
{
    public override Stream Content => content;

    public override async Task Keep()
    {
        try
        {
            await content.FlushAsync();
        }
        catch (IOException fault)
        {
            throw FileFaults.Writing(content.Name, fault);
        }
    }

    public override ValueTask DisposeAsync() => content.DisposeAsync();

    /// <summary>Where it is a pipe, this waits for somebody who reads.</summary>
    public static Task<NewFile> Open(string path) => Task.Run<NewFile>(() =>
        new LocalPipe(new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 })));
}
