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

    /// <summary>Stands behind the number of a process that holds the folder for one command.</summary>
    private const string CommandMark = "\ncommand";

    private readonly FileStream held;

    private readonly Before before;

    /// <summary>What was there already when the folder was opened.</summary>
    private readonly record struct Before(bool HasFolder, bool HasLock, bool HasDatabase)
    {
        public static Before Look(string path) => new(Directory.Exists(path), File.Exists(LockPath(path)), File.Exists(Path.Combine(path, DatabaseName)));
    }

    private DataFolder(string path, FileStream held, Before before)
    {
        FullPath = path;
        this.held = held;
        this.before = before;
    }

    public string FullPath { get; }
    public string DatabasePath => PathOf(DatabaseName);

    /// <summary>Whether there is an installation; the empty file that a failed start leaves is none.</summary>
    public static bool HasDatabase(string path) => new FileInfo(Path.Combine(path, DatabaseName)) is { Exists: true, Length: > 0 };

    /// <exception cref="FolderInUseException">Another process owns it.</exception>
    /// <exception cref="StartException">It is no folder, or anybody may write into it.</exception>
    public static DataFolder Open(string path, Holder holder = Holder.Server)
    {
        path = Path.GetFullPath(path);
        var before = Before.Look(path);
        Create(path);
        var folder = new DataFolder(path, Hold(path), before);
        folder.WriteOwner(holder);
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
        Ownership.Follow(path, DatabasePath);   // it may take that one's place
        return path;
    }

    /// <summary>Lets go of it and takes back what opening it made: whoever was refused leaves a folder as it was.</summary>
    public void Abandon()
    {
        if (!before.HasDatabase && !HasDatabase(FullPath)) File.Delete(DatabasePath);
        if (!before.HasLock) File.Delete(LockPath(FullPath));
        Dispose();
        if (!before.HasFolder && !Directory.EnumerateFileSystemEntries(FullPath).Any()) Directory.Delete(FullPath);
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
        if (new FileInfo(path).LinkTarget is not null && FileFacts.Find(path) is null)
            throw new StartException($"{path} is a link that leads nowhere.", "Mend it, or name a folder with --data.");
        if (File.Exists(path))
            throw new StartException($"{path} is a file, and the data need a folder.", "Name a folder with --data.");
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                RefuseIfOpen(Directory.CreateDirectory(path, OwnerFolder));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data folder {path} cannot be made: {refused.Message}", "Name a folder with --data that this user may make, or make it first.");
        }
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
        var held = TryHold(path) ?? throw Refusal(path);
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
            return OpenFile(LockPath(path));
        }
        catch (IOException exception) when (IsHeldElsewhere(exception))
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartException($"The user {Environment.UserName} may not write into the data folder {path}.", "Run this as the owner of the folder, or name another folder with --data.");
        }
    }

    /// <summary>EWOULDBLOCK of Linux, of macOS, and the sharing violation of Windows.</summary>
    private static bool IsHeldElsewhere(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static FileStream OpenFile(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        var isNew = !File.Exists(file);
        var stream = new FileStream(file, options);
        if (isNew)
            Ownership.Follow(file, Path.GetDirectoryName(file)!);
        return stream;
    }

    /// <summary>In a file of its own, since nobody else can read the locked one.</summary>
    private void WriteOwner(Holder holder)
    {
        using var file = OpenFile(OwnerPath(FullPath));
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}{(holder == Holder.Command ? CommandMark : "")}")));
    }

    private static FolderInUseException Refusal(string path)
    {
        var owner = ReadOwner(path);
        var isCommand = owner.EndsWith(CommandMark, StringComparison.Ordinal);
        int? id = int.TryParse(isCommand ? owner[..^CommandMark.Length] : owner, CultureInfo.InvariantCulture, out var number) ? number : null;
        return new FolderInUseException(path, id, isCommand ? Holder.Command : Holder.Server);
    }

    private static string ReadOwner(string path)
    {
        try
        {
            return File.ReadAllText(OwnerPath(path));
        }
        catch (IOException)
        {
            return ""; // it is just starting, or just ending
        }
    }

    private static string LockPath(string path) => Path.Combine(path, "avouch.lock");

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
