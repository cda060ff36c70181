using System.Text.Json;

namespace Avouch.Server.Tests.Harness;

/// <summary>Known answers that live outside the repository: in AVOUCH_VECTORS, else in ../shared/vectors beside it.</summary>
internal static class Vectors
{
    public static JsonElement Read(string path)
    {
        string? folder = FindFolder();
        if (folder is null) Assert.Skip("Neither AVOUCH_VECTORS nor ../shared/vectors beside the repository holds the vectors.");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, path)));
        return document.RootElement.Clone();
    }

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("AVOUCH_VECTORS") is { Length: > 0 } named) return named;
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Avouch.slnx"))) folder = folder.Parent;
        if (folder is null) return null;
        string beside = Path.Combine(folder.FullName, "../shared/vectors");
        return Directory.Exists(beside) ? beside : null;
    }
}
