using System.Text.RegularExpressions;
using Avouch.Server.Data;

namespace Avouch.Server.Cli.Files;

/// <summary>Files of this process's own user, below this process's own working folder.</summary>
internal sealed partial class LocalFiles(OwnFiles own) : CommandFiles
{
    private const int StartLetters = 32;

    public override Task<Stream> OpenRead(string path)
    {
        if (path.Length == 0) throw FileFaults.NoName();
        try
        {
            return Task.FromResult<Stream>(new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.SequentialScan }));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw FileFaults.Reading(path, fault);
        }
    }

    public override async Task<NewFile> Create(string path, Occupied taken)
    {
        if (path.Length == 0) throw FileFaults.NoName();
        try
        {
            var target = Target.Of(path);
            if (target.Facts?.Kind == FileKind.Folder || Path.EndsInDirectorySeparator(path)) throw FileFaults.IsFolder(path);
            if (target.Facts?.Kind == FileKind.Stream) return await LocalPipe.Open(path);
            RequireFile(path, target);
            own.RequireForeign(path, target);
            RequireFree(path, target, taken);
            return new LocalNewFile(path, target.RealPath, replace: taken != Occupied.Refused);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw FileFaults.Writing(path, fault);
        }
    }

    private static void RequireFile(string path, Target target)
    {
        if (target.Facts?.Kind == FileKind.Other) throw new FileException($"\"{path}\" is neither a file nor a pipe. Choose another name.");
        if (target.IsOpened) throw new FileException($"\"{path}\" leads to a file that the shell holds open. Give the name of that file instead.");
    }

    private static void RequireFree(string path, Target target, Occupied taken)
    {
        if (target.Facts is null || taken == Occupied.Replaced) return;
        if (taken == Occupied.Refused) throw FileFaults.Exists(path);
        if (!IsReport(target.RealPath)) throw new FileException($"\"{path}\" exists already and is no report of an import, so it is not replaced. Choose another name.");
    }

    /// <summary>Empty, or begun as <c>users import</c> begins a report.</summary>
    private static bool IsReport(string path)
    {
        using var reader = new StreamReader(path);
        var start = new char[StartLetters];
        var length = reader.ReadBlock(start);
        return length == 0 || ReportStart().IsMatch(new string(start, 0, length));
    }

    [GeneratedRegex(@"\Aline \d+: ")]
    private static partial Regex ReportStart();
}
