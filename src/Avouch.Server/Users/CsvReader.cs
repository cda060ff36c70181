using System.Text;

namespace Avouch.Server.Users;

/// <summary>A record of a CSV file and the line on which it begins.</summary>
internal sealed record CsvRecord(long Line, List<string> Fields);

/// <summary>
/// CSV after RFC 4180: commas, quotes that are doubled inside of quotes, line ends inside of quotes. A line end may also be a single LF.
/// </summary>
internal sealed class CsvReader(FileLetters letters)
{
    private readonly StringBuilder field = new();

    /// <summary>The next record; <see langword="null"/> after the last one.</summary>
    /// <exception cref="UserFileException">A quote stands where none may: what follows could not be told apart.</exception>
    public async Task<CsvRecord?> Read()
    {
        if (await letters.Peek() == FileLetters.End) return null;
        var record = new CsvRecord(letters.Line, []);
        while (await ReadField(record)) { }
        return record;
    }

    /// <returns>Whether another field follows.</returns>
    private async ValueTask<bool> ReadField(CsvRecord record)
    {
        field.Clear();
        if (await letters.Peek() == '"') await ReadQuoted(record.Line);
        else await ReadPlain(record.Line);
        record.Fields.Add(field.ToString());
        return await letters.Next() switch
        {
            ',' => true,
            '\r' => await letters.Next() is '\n' or FileLetters.End ? false : throw Broken(record.Line, "holds a carriage return without a line feed"),
            '\n' or FileLetters.End => false,
            _ => throw Broken(record.Line, "has something behind a closing quote"),
        };
    }

    private async ValueTask ReadPlain(long line)
    {
        while (await letters.Peek() is not (',' or '\r' or '\n' or FileLetters.End) and var letter)
        {
            if (letter == '"') throw Broken(line, "has a quote inside of a field that does not begin with one");
            letters.Append(field, await letters.Next());
        }
    }

    private async ValueTask ReadQuoted(long line)
    {
        await letters.Next();
        while (true)
        {
            var letter = await letters.Next();
            if (letter == FileLetters.End) throw Broken(line, "has a quote that is never closed");
            if (letter == '"' && await letters.Peek() != '"') return;
            if (letter == '"') await letters.Next();
            letters.Append(field, letter);
        }
    }

    private static UserFileException Broken(long line, string what) =>
        new($"Line {line} {what} (RFC 4180). What was read before that is done; mend the line and run the command again.");
}
