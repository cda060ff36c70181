using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Avouch.Server.Cli;

/// <summary>What every list has in common.</summary>
internal static class Listing
{
    /// <summary>The option of every command that lists something.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "One JSON object a line, for programs." };

    /// <summary>Minutes are what a person needs; the JSON has the rest.</summary>
    public static string Time(DateTimeOffset? time) => time is { } some ? some.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "-";

    public static string YesNo(bool flag) => flag ? "yes" : "no";

    /// <summary>
    /// What strangers typed (a name, a user agent) is shown without control and format characters: they could move the cursor of an
    /// administrator's terminal, or turn the direction of the line.
    /// </summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "-";
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(IsShown(rune) ? rune.ToString() : "\uFFFD");
        return clean.ToString();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}

/// <summary>A column of a table: its title and what stands in it.</summary>
internal sealed record Column<T>(string Title, Func<T, string?> Cell)
{
    /// <summary>In letters, for lists whose first page is short.</summary>
    public int MinWidth { get; init; }
}

/// <summary>
/// Writes a list a page at a time: a table for people, its columns as wide as the first page needs, or one JSON object a line. The one place where
/// either is made.
/// </summary>
internal sealed class Listing<T>(TextWriter output, bool isJson, JsonTypeInfo<T> json, params Column<T>[] columns)
{
    private const string Gap = "  ";

    private int[]? widths;

    public async Task Add(IReadOnlyList<T> page)
    {
        var cells = isJson ? [] : page.Select(row => columns.Select(column => Listing.Clean(column.Cell(row))).ToArray()).ToList();
        if (!isJson && widths is null) await Begin(cells);
        foreach (var row in cells) await output.WriteLineAsync(Line(row));
        if (isJson)
            foreach (var row in page) await output.WriteLineAsync(JsonSerializer.Serialize(row, json));
    }

    /// <summary>All of a list that is not long.</summary>
    public async Task<ExitCode> All(IReadOnlyList<T> rows)
    {
        await Add(rows);
        return ExitCode.Done;
    }

    /// <summary>One thing, a line for each of its properties.</summary>
    public async Task<ExitCode> Show(T thing)
    {
        if (isJson) return await All([thing]);
        var width = columns.Max(column => column.Title.Length);
        foreach (var column in columns) await output.WriteLineAsync(column.Title.PadRight(width) + Gap + Listing.Clean(column.Cell(thing)));
        return ExitCode.Done;
    }

    private async Task Begin(List<string[]> cells)
    {
        widths = [.. columns.Select((column, i) => cells.Select(row => row[i].Length).Append(Math.Max(column.Title.Length, column.MinWidth)).Max())];
        await output.WriteLineAsync(Line([.. columns.Select(column => column.Title)]));
    }

    private string Line(string[] cells) => string.Join(Gap, cells.Select((cell, i) => cell.PadRight(widths![i]))).TrimEnd();
}
