using System.Runtime.InteropServices;

namespace Avouch.Server.Data;

/// <summary>Whose the files of a data folder are: what root makes in the folder of another user would be closed to that user's server.</summary>
internal static partial class Ownership
{
    private const int NotPermitted = 1;   // EPERM

    /// <summary>The user of this process, as the system counts them.</summary>
    public static uint CurrentUser => OperatingSystem.IsWindows() ? 0 : EffectiveUser();

    /// <summary>Gives a file that root has made to the owner and the group of another one. For other users it does nothing: their files are their own.</summary>
    /// <exception cref="IOException">The system refused. A root that may give nothing away (as in some containers) keeps the file; doctor tells.</exception>
    public static void Follow(string file, string example)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess || FileFacts.Find(example) is not { IsKnown: true } facts) return;
        if (ChangeOwner(file, facts.Owner, facts.Group) != 0 && Marshal.GetLastPInvokeError() != NotPermitted)
            throw new IOException($"\"{file}\" cannot be given to the owner of \"{example}\": {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Of the name itself: a link that somebody put in its place must not give them the file behind it.</summary>
    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
