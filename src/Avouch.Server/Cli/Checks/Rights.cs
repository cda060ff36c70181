namespace Avouch.Server.Cli.Checks;

/// <summary>Who may open a file. Windows keeps that elsewhere, so nothing is found there.</summary>
internal static class Rights
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && Path.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0;

    public static bool MayOthersWrite(string path) => !OperatingSystem.IsWindows() && Path.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    /// <summary>In octal, as chmod takes it.</summary>
    public static string Show(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
