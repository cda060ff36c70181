namespace Avouch.Server.Tests.Harness;

/// <summary>Who may read a file.</summary>
internal static class FileModes
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static UnixFileMode Of(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    /// <summary>What a careless copy or umask does.</summary>
    public static void LetOthersRead(string path)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, Of(path) | UnixFileMode.OtherRead);
    }
}
