using System.Security.Cryptography;
using Avouch.Server.Data;

namespace Avouch.Server.Cli.Files;

/// <summary>A new file on this machine: a hidden neighbour of its name until it is kept.</summary>
internal sealed class LocalNewFile : NewFile
{
    private readonly string name;
    private readonly string path;
    private readonly string unfinished;
    private readonly bool replace;
    private readonly FileStream content;
    private bool isKept;

    /// <param name="name">As the person knows it.</param>
    /// <param name="path">Without links: a link that is renamed over would be lost, and the file behind it kept.</param>
    public LocalNewFile(string name, string path, bool replace)
    {
        (this.name, this.path, this.replace) = (name, path, replace);
        unfinished = Path.Combine(Path.GetDirectoryName(this.path)!, $".{Path.GetFileName(this.path)}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        content = new FileStream(unfinished, options);
    }

    public override Stream Content => content;

    public override Task Keep()
    {
        try
        {
            content.Flush(flushToDisk: true);
            content.Dispose();
            if (!replace && File.Exists(path)) throw FileFaults.Exists(name);
            File.Move(unfinished, path, overwrite: replace);
            isKept = true;
            Durable.SyncFolder(Path.GetDirectoryName(path)!);
            return Task.CompletedTask;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Writing(name, fault);
        }
    }

    public override ValueTask DisposeAsync()
    {
        if (isKept) return ValueTask.CompletedTask;
        try
        {
            content.Dispose();   // it flushes, and a full disk refuses that once more: told when it was written
        }
        catch (IOException)
        {
            content.SafeFileHandle.Dispose();
        }
        File.Delete(unfinished);
        return ValueTask.CompletedTask;
    }
}
