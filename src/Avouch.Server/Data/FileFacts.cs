using System.Runtime.InteropServices;

namespace Avouch.Server.Data;

/// <summary>What sort of thing a name stands for.</summary>
internal enum FileKind
{
    Regular,
    Folder,

    /// <summary>A pipe or a character device: it takes bytes one after the other, and has no content that could be replaced.</summary>
    Stream,

    /// <summary>A disk, a socket and whatever else nobody wants bytes in.</summary>
    Other,
}

/// <summary>What a name stands for, links followed, and whose it is.</summary>
/// <param name="Inode">With <paramref name="Device"/> it tells two files apart whatever their names are; 0 where the system does not tell.</param>
internal sealed partial record FileFacts(FileKind Kind, ulong Device, ulong Inode, uint Owner, uint Group)
{
    private const int CurrentFolder = -100;   // AT_FDCWD
    private const int BasicStats = 0x7ff;     // STATX_BASIC_STATS
    private const int NoEntry = 2;            // ENOENT
    private const int NoAccess = 13;          // EACCES
    private const int NoFolder = 20;          // ENOTDIR

    public bool IsKnown => Inode != 0;

    public bool IsSameFile(FileFacts? other) => other is not null && IsKnown && (Device, Inode) == (other.Device, other.Inode);

    /// <returns><see langword="null"/> where there is no such file.</returns>
    /// <exception cref="UnauthorizedAccessException">A folder on the way may not be entered.</exception>
    /// <exception cref="IOException">The system refused, for example because links go round in a circle.</exception>
    public static FileFacts? Find(string path)
    {
        if (!OperatingSystem.IsLinux()) return FindElsewhere(path);
        Span<byte> answer = stackalloc byte[256];   // struct statx: the same layout on every processor
        if (Statx(CurrentFolder, path, 0, BasicStats, answer) == 0) return Read(answer);
        return Marshal.GetLastPInvokeError() is NoEntry or NoFolder ? null : throw Refusal(path);
    }

    /// <summary>The path of a folder with every link followed.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string RealFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return Directory.Exists(path) ? Path.GetFullPath(path) : throw new DirectoryNotFoundException(path);
        var found = RealPath(path, 0);
        if (found == 0) throw Marshal.GetLastPInvokeError() is NoEntry or NoFolder ? new DirectoryNotFoundException(path) : Refusal(path);
        var real = Marshal.PtrToStringUTF8(found)!;
        FreePath(found);
        return real;
    }

    private static FileFacts Read(ReadOnlySpan<byte> answer)
    {
        var kind = (BitConverter.ToUInt16(answer[28..]) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0x1000 or 0x2000 => FileKind.Stream,
            _ => FileKind.Other,
        };
        var device = ((ulong)BitConverter.ToUInt32(answer[136..]) << 32) | BitConverter.ToUInt32(answer[140..]);
        return new FileFacts(kind, device, BitConverter.ToUInt64(answer[32..]), BitConverter.ToUInt32(answer[20..]), BitConverter.ToUInt32(answer[24..]));
    }

    /// <summary>Without statx, files are told apart by their real paths only.</summary>
    private static FileFacts? FindElsewhere(string path) =>
        Directory.Exists(path) ? new FileFacts(FileKind.Folder, 0, 0, 0, 0) : File.Exists(path) ? new FileFacts(FileKind.Regular, 0, 0, 0, 0) : null;

    private static Exception Refusal(string path) => Marshal.GetLastPInvokeError() == NoAccess
        ? new UnauthorizedAccessException(path)
        : new IOException(Marshal.GetLastPInvokeErrorMessage() + ".");

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> answer);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint resolved);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void FreePath(nint path);
}
