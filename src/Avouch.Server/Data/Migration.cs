using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Avouch.Server.Data;

/// <summary>One numbered step of the schema. Once released it never changes: the checksum of its text guards that.</summary>
internal sealed record Migration(int Number, string Name, string Text)
{
    private const string Folder = "migrations/";

    /// <summary>Over the file's text with LF line ends, so that a checkout on Windows gives the same.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n"))));

    /// <summary>The migrations inside of an assembly, in order: <c>migrations/NNNN-name.sql</c>.</summary>
    public static IReadOnlyList<Migration> In(Assembly assembly) =>
    [
        .. assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Parse(name[Folder.Length..], TextOf(assembly, name))),
    ];

    public static Migration Parse(string fileName, string text)
    {
        var dash = fileName.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && int.TryParse(fileName.AsSpan(0, dash), out var number)
            ? new Migration(number, Path.GetFileNameWithoutExtension(fileName[(dash + 1)..]), text)
            : throw new MigrationException($"The migration file \"{fileName}\" is not named NNNN-name.sql.");
    }

    public override string ToString() => $"{Number:0000}-{Name}";

    private static string TextOf(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

/// <summary>The database's schema cannot be used as it is. The message says what to do.</summary>
internal sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
