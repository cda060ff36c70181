using System.Runtime.InteropServices;

namespace Avouch.Server.Data;

/// <summary>What .NET has no call for: a new name in a folder survives a power cut only when the folder itself was synced.</summary>
internal static partial class Durable
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;   // EINVAL: a file system whose folders cannot be synced (some network and user-space ones)

    /// <exception cref="IOException">The system refused.</exception>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;   // NTFS journals names by itself
        var handle = Open(folder, ReadOnly);
        if (handle < 0) throw Failure(folder);
        try
        {
            if (Sync(handle) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw Failure(folder);
        }
        finally
        {
            _ = Close(handle);   // nothing was written through it
        }
    }

    private static IOException Failure(string folder) => new($"The folder \"{folder}\" cannot be made durable: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
