namespace Avouch.Server.Cli.Files;

/// <summary>Files of this process's own user, below this process's own working folder.</summary>
internal sealed class LocalFiles : CommandFiles
{
    public override Task<Stream> OpenRead(string path)
    {
        try
        {
            return Task.FromResult<Stream>(new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.SequentialScan }));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw FileFaults.Reading(path, fault);
        }
    }

    public override Task<NewFile> Create(string path, bool replace)
    {
        if (Directory.Exists(path)) throw FileFaults.IsFolder(path);
        if (!replace && File.Exists(path)) throw FileFaults.Exists(path);
        try
        {
            return Task.FromResult<NewFile>(new LocalNewFile(path, replace));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw FileFaults.Writing(path, fault);
        }
    }
}
