using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Avouch.Server.Logging;

/// <summary>
/// One JSON object a line (docs/logging.md). Everything that is no printable ASCII is escaped by the writer, so that whatever somebody sent is one
/// string on one line.
/// </summary>
internal sealed class JsonLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "avouch-json";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", LogLine.Time(time.GetUtcNow()));
            json.WriteString("level", LogLine.Word(logEntry.LogLevel));
            json.WriteString("event", logEntry.EventId.Name ?? "");
            json.WriteString("category", logEntry.Category);
            json.WriteString("message", LogLine.Message(logEntry));
            WriteFields(json, logEntry.State);
            if (logEntry.Exception is { } exception) json.WriteString("exception", LogText.Bound(exception.ToString(), LogText.MaxException));
            json.WriteEndObject();
        }
        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteFields(Utf8JsonWriter json, object? state)
    {
        json.WriteStartObject("fields");
        foreach (var (name, value) in LogLine.Fields(state)) WriteField(json, JsonNamingPolicy.SnakeCaseLower.ConvertName(name), value);
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case bool flag: json.WriteBoolean(name, flag); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: json.WriteNumber(name, number); break;
            default: json.WriteString(name, LogLine.Value(value)); break;
        }
    }
}
