using Avouch.Server.Data;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli.Files;

/// <summary>What no command writes over: everything in the data folder, and the files that hold secrets of the settings.</summary>
/// <param name="Folder">The data folder.</param>
/// <param name="Secrets">Full paths.</param>
internal sealed record OwnFiles(string Folder, IReadOnlyList<string> Secrets)
{
    public static OwnFiles Of(AvouchSettings settings) => new(settings.Server.DataFolder, [.. SecretFiles(settings)]);

    /// <summary>Files from which a secret of the settings was read, and the private key of TLS.</summary>
    public static IEnumerable<string> SecretFiles(AvouchSettings settings) =>
        settings.InForce.Where(setting => setting.Form.Kind == SettingKind.Secret).Select(setting => FileOf(setting.Origin)).Append(settings.Server.Tls?.KeyFile).OfType<string>().Distinct();

    /// <exception cref="FileException">The target is one of them, by whatever name.</exception>
    public void RequireForeign(string path, Target target)
    {
        if (IsFolder(Path.GetDirectoryName(target.RealPath)!))
            throw new FileException($"\"{path}\" lies in the data folder {Folder}, where commands write nothing of yours. Choose a file outside of the data folder.");
        if (Secrets.Any(secret => IsSecret(secret, target)))
            throw new FileException($"\"{path}\" holds a secret of the settings and is not written over. Choose another file, outside of the data folder.");
    }

    private bool IsFolder(string folder) =>
        folder == Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)) || FileFacts.Find(folder)?.IsSameFile(FileFacts.Find(Folder)) == true;

    private static bool IsSecret(string secret, Target target) =>
        FileFacts.Find(secret) is { } facts && (target.Facts?.IsSameFile(facts) == true || Target.Of(secret).RealPath == target.RealPath);

    private static string? FileOf(string origin) => origin switch
    {
        ".env" or "appsettings.json" => Path.GetFullPath(origin),
        _ when origin.StartsWith("file ", StringComparison.Ordinal) => Path.GetFullPath(origin["file ".Length..]),
        _ => null,
    };
}
