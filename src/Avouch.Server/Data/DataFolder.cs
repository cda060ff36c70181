using System.Globalization;
using System.Security.Cryptography;

namespace Avouch.Server.Data;

/// <summary>
/// The folder that one process owns. Whoever opens it holds <c>avouch.lock</c> until it is disposed or the process ends, however it
/// ends: the lock belongs to the kernel, and no file has to be cleaned up after a crash.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    public const string DatabaseName = "avouch.db";

    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    private const string Temporary = "avouch.tmp-";

    private readonly FileStream held;

    private DataFolder(string path, FileStream held)
    {
        FullPath = path;
        this.held = held;
    }

    public string FullPath { get; }
    public string DatabasePath => PathOf(DatabaseName);

    /// <summary>Whether there is an installation; the empty file that a failed start leaves is none.</summary>
    public static bool HasDatabase(string path) => new FileInfo(Path.Combine(path, DatabaseName)) is { Exists: true, Length: > 0 };

    /// <exception cref="FolderInUseException">Another process owns it.</exception>
    /// <exception cref="StartException">It is no folder, or anybody may write into it.</exception>
    public static DataFolder Open(string path)
    {
        path = Path.GetFullPath(path);
        Create(path);
        var folder = new DataFolder(path, Hold(path));
        folder.WriteOwner();
        folder.ProtectDatabase();
        folder.DeleteTemporary();
        return folder;
    }

    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>An empty file that only its owner can read, deleted by whoever made it, or else by the next one that opens the folder.</summary>
    public string CreateTemporary(string purpose)
    {
        var path = PathOf($"{Temporary}{purpose}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        OpenFile(path).Dispose();
        return path;
    }

    public void Dispose()
    {
        if (held.CanRead)
            File.Delete(OwnerPath(FullPath)); // while it is still ours
        held.Dispose();
    }

    /// <summary>Only a folder that we make gets its mode from us: an existing one may be shared on purpose, or be the wrong one.</summary>
    private static void Create(string path)
    {
        if (File.Exists(path))
            throw new StartException($"{path} is a file, and the data need a folder.", "Name a folder with --data.");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            RefuseIfOpen(Directory.CreateDirectory(path, OwnerFolder));
    }

    /// <summary>Whoever may write into the folder can put a key or a database of their own there.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void RefuseIfOpen(DirectoryInfo folder)
    {
        if ((folder.UnixFileMode & UnixFileMode.OtherWrite) != 0)
            throw new StartException($"Anybody on this machine may write into the data folder {folder.FullName}.", $"If nobody has: chmod 700 {folder.FullName}");
    }

    private static FileStream Hold(string path)
    {
        var held = TryHold(path) ?? throw new FolderInUseException(path, ReadOwner(path));
        using var second = TryHold(path);
        if (second is null)
            return held;

        held.Dispose();
        throw new NotSupportedException(
            $"The file system of \"{path}\" does not keep locks, so two servers could damage the data. Use a local disk, and leave "
            + "DOTNET_SYSTEM_IO_DISABLEFILELOCKING unset.");
    }

    private static FileStream? TryHold(string path)
    {
        try
        {
            return OpenFile(Path.Combine(path, "avouch.lock"));
        }
        catch (IOException exception) when (IsHeldElsewhere(exception))
        {
            return null;
        }
    }

    /// <summary>EWOULDBLOCK of Linux, of macOS, and the sharing violation of Windows.</summary>
    private static bool IsHeldElsewhere(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static FileStream OpenFile(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return new FileStream(file, options);
    }

    /// <summary>In a file of its own, since nobody else can read the locked one.</summary>
    private void WriteOwner()
    {
        using var file = OpenFile(OwnerPath(FullPath));
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
    }

    private static int? ReadOwner(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(OwnerPath(path)), CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (IOException)
        {
            return null; // it is just starting, or just ending
        }
    }

    private static string OwnerPath(string path) => Path.Combine(path, "avouch.pid");

    /// <summary>What a crash left: nobody else works here while the lock is ours.</summary>
    private void DeleteTemporary()
    {
        foreach (var file in Directory.EnumerateFiles(FullPath, Temporary + "*"))
            File.Delete(file);
    }

    /// <summary>SQLite gives its -wal and -shm files the mode of the database file, so that one is made before SQLite makes it.</summary>
    private void ProtectDatabase()
    {
        OpenFile(DatabasePath).Dispose();
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in Directory.EnumerateFiles(FullPath, "avouch.db*"))
            File.SetUnixFileMode(file, OwnerFile);
    }
}

/// <summary>Another process owns the data folder.</summary>
internal sealed class FolderInUseException(string folder, int? processId)
    : Exception($"The data folder \"{folder}\" is in use by {(processId is null ? "another process" : $"the process {processId}")}. Stop that one, or choose another folder with --data.")
{
    /// <summary>The owner, as far as it has said so.</summary>
    public int? ProcessId { get; } = processId;
}
