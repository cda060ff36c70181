using System.Reflection;

namespace Avouch.Server.Mail;

/// <summary>
/// The files that mails are made of: <c>layout.html</c>, and for each language a folder with two files for each mail. Ours are inside of the program;
/// a file of the same name in the operator's folder takes the place of ours.
/// </summary>
internal static class TemplateFiles
{
    public const string Layout = "layout.html";

    private const string Prefix = "mail/";
    private const long MaxBytes = 256 * 1024;

    private static readonly Assembly Ours = typeof(TemplateFiles).Assembly;

    /// <summary>The names of ours, such as <c>en/reset_password.txt</c>.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
        [.. Ours.GetManifestResourceNames().Select(name => name.Replace('\\', '/')).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal)];

    public static string ReadBuiltIn(string name)
    {
        var resource = Ours.GetManifestResourceNames().Single(one => one.Replace('\\', '/') == Prefix + name);
        using var reader = new StreamReader(Ours.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    /// <summary>The operator's files by the same names; other kinds of files do not concern us.</summary>
    /// <exception cref="IOException">The folder or a file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file cannot be read.</exception>
    public static IEnumerable<(string Name, string Text)> In(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = false }).Where(IsTemplate))
            yield return (Path.GetRelativePath(folder, file).Replace('\\', '/'), Read(file));
    }

    private static bool IsTemplate(string file) => Path.GetExtension(file) is ".txt" or ".html";

    private static string Read(string file)
    {
        if (new FileInfo(file).Length > MaxBytes) throw new IOException($"{file} is larger than {MaxBytes >> 10} KiB.");
        return new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(file)).TrimStart('\uFEFF');
    }
}
