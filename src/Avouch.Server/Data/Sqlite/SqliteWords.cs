using System.Text.RegularExpressions;

namespace Avouch.Server.Data.Sqlite;

/// <summary>SQLite's words for the placeholders that migrations use where the engines differ.</summary>
internal static partial class SqliteWords
{
    private static readonly Version FirstStrict = new(3, 37, 0);

    public static string Translate(string migration) => Placeholder().Replace(migration, static match => WordFor(match.Value));

    private static string WordFor(string placeholder) => placeholder switch
    {
        "{id}" or "{bytes}" => "BLOB",
        "{bool}" or "{time}" or "{long}" => "INTEGER",
        "{sequence}" => "INTEGER PRIMARY KEY AUTOINCREMENT", // never gives a number again, even when the newest rows are deleted
        "{strict}" => Strict,
        "{clustered}" => "WITHOUT ROWID",
        "{clustered} {strict}" => Strict.Length > 0 ? $"WITHOUT ROWID, {Strict}" : "WITHOUT ROWID",
        _ => throw new MigrationException($"The migration uses {placeholder}, which is not a placeholder we know."),
    };

    private static string Strict => SqliteLibrary.Version >= FirstStrict ? "STRICT" : "";

    [GeneratedRegex(@"\{clustered\} \{strict\}|\{[a-z]+\}")]
    private static partial Regex Placeholder();
}
