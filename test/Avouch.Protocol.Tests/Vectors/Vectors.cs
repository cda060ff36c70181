using System.Text.Json;

namespace Avouch.Protocol.Tests;

/// <summary>
/// Test vectors of others. They lie outside the repository; a test that needs them is skipped, aloud, where they are not.
/// </summary>
internal static class Vectors
{
    public static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(), path))).RootElement;

    /// <summary>Names of the files in a folder.</summary>
    public static List<string> List(string path) => [.. Directory.EnumerateFiles(Path.Combine(Folder(), path)).Select(file => Path.GetFileName(file))];

    private static string Folder()
    {
        var folder = FindFolder();
        Assert.SkipWhen(folder is null,
            "No vectors: AVOUCH_VECTORS names no folder, and there is no ../shared/vectors beside the repository.");
        return folder!;
    }

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("AVOUCH_VECTORS") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Avouch.slnx"))) root = root.Parent;
        if (root?.Parent is null) return null;
        var beside = Path.Combine(root.Parent.FullName, "shared", "vectors");
        return Directory.Exists(beside) ? beside : null;
    }
}
