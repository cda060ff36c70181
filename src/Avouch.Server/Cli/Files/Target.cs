using Avouch.Server.Data;

namespace Avouch.Server.Cli.Files;

/// <summary>Where the bytes go that are written to a name: what it stands for when every link has been followed.</summary>
/// <param name="RealPath">Without links. The file may be missing; its folder is there.</param>
/// <param name="Facts"><see langword="null"/> where there is nothing of that name yet.</param>
/// <param name="IsOpened">The name leads to what a process holds open (<c>/dev/stdout</c>, <c>/dev/fd/3</c>), not to a name in a folder.</param>
internal sealed record Target(string RealPath, FileFacts? Facts, bool IsOpened)
{
    private const int MostLinks = 40;   // as many as Linux follows

    /// <exception cref="IOException">There is no such folder, or the links lead nowhere.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be entered.</exception>
    public static Target Of(string path)
    {
        var facts = FileFacts.Find(path);
        var (next, isOpened) = (Path.Combine(Directory.GetCurrentDirectory(), path), false);
        for (var links = 0; links < MostLinks; links++)
        {
            var real = Path.Combine(FileFacts.RealFolder(Path.GetDirectoryName(next) ?? next), Path.GetFileName(next));
            if (new FileInfo(real).LinkTarget is not { } target) return new Target(real, facts, isOpened);
            isOpened |= real.StartsWith("/proc/", StringComparison.Ordinal);
            if (isOpened && !Path.IsPathRooted(target)) return new Target(real, facts, isOpened);   // pipe:[4711]
            next = Path.Combine(Path.GetDirectoryName(real)!, target);
        }
        throw new IOException("Too many links.");
    }
}
