using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Avouch.Server.Users;

/// <summary>
/// Reads a file of users, a line at a time: JSON lines where the first character is a brace, else CSV with a heading. Never more than one line of it
/// is in memory.
/// </summary>
internal static class UserFile
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    /// <exception cref="UserFileException">It is neither of the two, or a part of it cannot be told from the rest.</exception>
    public static async IAsyncEnumerable<UserLine> Read(Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        using var reader = new FileLetters(stream, stop);
        var lines = await reader.PeekPastBlanks() switch
        {
            '{' => ReadJson(reader),
            '[' => throw new UserFileException("This is one JSON array. Make JSON lines of it, one object a line: jq -c '.[]' users.json > users.jsonl"),
            FileLetters.End => throw new UserFileException("The file is empty. It needs JSON lines, or CSV with a heading."),
            _ => ReadCsv(new CsvReader(reader)),
        };
        await foreach (var line in lines.WithCancellation(stop)) yield return line;
    }

    private static async IAsyncEnumerable<UserLine> ReadJson(FileLetters reader)
    {
        var text = new StringBuilder();
        while (await reader.Peek() != FileLetters.End)
        {
            var number = reader.Line;
            var isTooLong = false;
            while (await reader.Next() is not (FileLetters.End or '\n') and var letter) isTooLong |= !FileLetters.TryAppend(text, letter);
            if (isTooLong) yield return UserLine.Refused(number, $"It is longer than {FileLetters.MaxLength} letters.");
            else if (!string.IsNullOrWhiteSpace(text.ToString())) yield return ReadJson(number, text.ToString());
            text.Clear();
        }
    }

    private static UserLine ReadJson(long number, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return UserLine.Refused(number, "It is not a JSON object.");
            var fields = new Dictionary<string, string?>();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (UserRecord.CheckColumn(member.Name) is { } unknown) return UserLine.Refused(number, unknown);
                if (!TryReadValue(member.Value, out var value)) return UserLine.Refused(number, $"\"{member.Name}\" is not a plain value.");
                fields.Add(member.Name, value);
            }
            return new UserLine(number, fields);
        }
        catch (JsonException)
        {
            return UserLine.Refused(number, "It is not JSON, or a member of it stands there twice.");
        }
        catch (InvalidOperationException)   // the reader's word for a text that is no Unicode
        {
            return UserLine.Refused(number, "It holds half a surrogate pair, which is no character.");
        }
    }

    private static bool TryReadValue(JsonElement element, out string? value)
    {
        value = element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => element.GetRawText(),
            JsonValueKind.Array when element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => string.Join(' ', element.EnumerateArray().Select(item => item.GetString())),
            _ => null,
        };
        return value is not null || element.ValueKind == JsonValueKind.Null;
    }

    private static async IAsyncEnumerable<UserLine> ReadCsv(CsvReader csv)
    {
        var heading = (await csv.Read())!.Fields.Select(name => name.Trim().ToLowerInvariant()).ToArray();
        if (heading.Select(UserRecord.CheckColumn).FirstOrDefault(fault => fault is not null) is { } unknown) throw new UserFileException(unknown);
        if (heading.Distinct().Count() < heading.Length) throw new UserFileException("A column stands in the heading twice. Leave one of them out.");
        if (!heading.Contains(UserRecord.EmailColumn)) throw new UserFileException($"The heading has no column \"{UserRecord.EmailColumn}\". The first line has to name the columns: {string.Join(',', UserRecord.Columns)}");
        while (await csv.Read() is { } record)
        {
            if (record.Fields is [""]) continue;   // an empty line
            if (record.Fields.Count != heading.Length) yield return UserLine.Refused(record.Line, $"It has {record.Fields.Count} fields, and the heading has {heading.Length}.");
            else yield return new UserLine(record.Line, heading.Zip(record.Fields).ToDictionary(pair => pair.First, pair => (string?)pair.Second));
        }
    }
}
