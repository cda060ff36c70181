using System.Text.Json;
using Avouch.Server.Logging;
using Avouch.Server.Tests.Harness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Avouch.Server.Tests.Logging;

/// <summary>The two forms of a line, and that nobody who can choose a value can make it look like something else.</summary>
public sealed class LogLineTests
{
    /// <summary>Line ends of every kind, ANSI colours and titles, direction marks, invisible letters, quotes, half a surrogate pair.</summary>
    public static TheoryData<string> Hostile { get; } =
    [
        "/x\n2026-01-02T03:04:05.000Z info Forged: signed in", "/x\r\nforged", "/x\rforged", "\u001b[2J\u001b]0;title\u0007", "a\u0085b\u2028c\u2029d", "\u202egnp.exe", "zero\u200bwidth\ufeff",
        "\",\"level\":\"critical\",\"x\":\"", "{}[]\\", "half \ud800 a pair", "nul \0 and del \u007f", "c1 \u009b31m",
    ];

    [Fact]
    [Trait("ASVS", "16.2.1")]
    [Trait("ASVS", "16.2.2")]
    public void A_JSON_line_has_time_level_event_category_message_and_fields()
    {
        var json = JsonDocument.Parse(Assert.Single(WriteJson(LogLevel.Warning, "Did {What} {Times} times, {IsDone}", [("What", "it"), ("Times", 3), ("IsDone", true), ("Left", null)]))).RootElement;

        Assert.Equal(["time", "level", "event", "category", "message", "fields"], json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("2026-01-02T03:04:05.000Z", "warning", "test.event", "Avouch.Test"), (json.Text("time"), json.Text("level"), json.Text("event"), json.Text("category")));
        Assert.Equal("""{"what":"it","times":3,"is_done":true}""", json.GetProperty("fields").GetRawText());
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("ASVS", "16.4.1")]
    public void No_value_can_end_a_JSON_line_or_add_a_member(string value)
    {
        var line = Assert.Single(WriteJson(LogLevel.Information, value, [("Path", value)], new InvalidOperationException(value)));

        Assert.All(line, letter => Assert.InRange(letter, ' ', '~'));
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(["time", "level", "event", "category", "message", "fields", "exception"], json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("info", json.Text("level"));
        Assert.Equal("path", Assert.Single(json.GetProperty("fields").EnumerateObject()).Name);
        Assert.Equal(value.Replace('\ud800', '\ufffd'), json.GetProperty("fields").Text("path"));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("ASVS", "16.4.1")]
    public void No_value_can_begin_a_line_for_people_or_steer_their_terminal(string value)
    {
        var lines = WriteText(LogLevel.Error, value, [("Path", value)], new InvalidOperationException(value));

        Assert.StartsWith("2026-01-02T03:04:05.000Z error Test: ", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        Assert.All(string.Concat(lines), letter => Assert.False(char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\u202e' or '\u200b' or '\ufeff'));
    }

    [Fact]
    public void What_is_ordinary_stays_as_it_is() => Assert.Equal("Grüße, 日本 🙂 100 %", LogText.Escape("Grüße, 日本 🙂 100 %"));

    [Fact]
    public void A_line_has_an_end()
    {
        var line = Assert.Single(WriteJson(LogLevel.Error, new string('m', 100_000), [("Path", new string('p', 100_000))], new InvalidOperationException(new string('e', 100_000))));

        Assert.InRange(line.Length, 1_000, 25_000);
    }

    private static string[] WriteJson(LogLevel level, string message, (string, object?)[] fields, Exception? exception = null) => Write(new JsonLines(new ManualTime()), level, message, fields, exception);

    private static string[] WriteText(LogLevel level, string message, (string, object?)[] fields, Exception? exception = null) => Write(new TextLines(new ManualTime()), level, message, fields, exception);

    private static string[] Write(ConsoleFormatter formatter, LogLevel level, string message, (string Name, object? Value)[] fields, Exception? exception)
    {
        using var output = new StringWriter { NewLine = "\n" };
        List<KeyValuePair<string, object?>> state = [.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), new("{OriginalFormat}", message)];
        formatter.Write(new LogEntry<List<KeyValuePair<string, object?>>>(level, "Avouch.Test", new EventId(1, "test.event"), state, exception, (_, _) => message), null, output);
        return output.ToString().TrimEnd('\n').Split('\n');
    }
}
