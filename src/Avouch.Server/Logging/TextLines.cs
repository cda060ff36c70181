using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Avouch.Server.Logging;

/// <summary>
/// One readable line an event. The lines of an exception follow it, each behind four spaces: no text of anybody begins a line.
/// </summary>
internal sealed class TextLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "avouch-text";

    private const string Indent = "    ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var source = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.WriteLine($"{LogLine.Time(time.GetUtcNow())} {LogLine.Word(logEntry.LogLevel)} {source}: {LogText.Escape(LogLine.Message(logEntry))}");
        if (logEntry.Exception is not { } exception) return;
        foreach (var line in LogText.Bound(exception.ToString(), LogText.MaxException).Split('\n')) textWriter.WriteLine(Indent + LogText.Escape(line.TrimEnd('\r')));
    }
}
