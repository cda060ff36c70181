using System.Text;

namespace Avouch.Server.Users;

/// <summary>A text file in strict UTF-8, letter by letter, with the number of the line that it is at.</summary>
internal sealed class FileLetters(Stream stream, CancellationToken stop) : IDisposable
{
    /// <summary>After the last letter. No text holds it: it is no character.</summary>
    public const char End = '\uFFFF';

    /// <summary>The longest line, or field of a CSV, that can be one of a user.</summary>
    public const int MaxLength = 16 * 1024;

    private readonly StreamReader reader = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
    private readonly char[] buffer = new char[16 * 1024];
    private int position;
    private int filled;

    /// <summary>From 1.</summary>
    public long Line { get; private set; } = 1;

    public ValueTask<char> Peek() => position < filled ? new(buffer[position]) : Fill();

    public ValueTask<char> Next()
    {
        if (position == filled) return NextAfterFill();
        var letter = buffer[position++];
        if (letter == '\n') Line++;
        return new(letter);
    }

    /// <summary>The first letter that is not blank, which stays where it is.</summary>
    public async ValueTask<char> PeekPastBlanks()
    {
        while (await Peek() is ' ' or '\t' or '\r' or '\n' or '\uFEFF') await Next();
        return await Peek();
    }

    /// <summary>Adds a letter to a text that is growing.</summary>
    /// <exception cref="UserFileException">It has grown beyond anything that could be about one user.</exception>
    public void Append(StringBuilder text, char letter)
    {
        if (!TryAppend(text, letter)) throw new UserFileException($"Line {Line} is longer than {MaxLength} letters. Everything before it is done; mend it and run the command again.");
    }

    /// <returns>Whether there was room for it.</returns>
    public static bool TryAppend(StringBuilder text, char letter)
    {
        if (text.Length >= MaxLength) return false;
        text.Append(letter);
        return true;
    }

    public void Dispose() => reader.Dispose();

    private async ValueTask<char> NextAfterFill() => await Fill() == End ? End : await Next();

    private async ValueTask<char> Fill()
    {
        try
        {
            (position, filled) = (0, await reader.ReadAsync(buffer, stop));
        }
        catch (DecoderFallbackException)
        {
            throw new UserFileException($"The file is not UTF-8, somewhere after line {Line}. What was read before that is done; convert it, for example with iconv, and run the command again.");
        }
        if (buffer.AsSpan(0, filled).Contains(End)) throw new UserFileException($"The file holds U+FFFF, which is no character, somewhere after line {Line}. What was read before that is done; mend it and run the command again.");
        return filled == 0 ? End : buffer[0];
    }
}
