using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace Avouch.Server.Logging;

/// <summary>What both forms of a line say alike: the time in UTC (RFC 3339), the words of the levels, the message, the fields.</summary>
internal static class LogLine
{
    private const string OriginalFormat = "{OriginalFormat}";

    public static string Time(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    public static string Message<TState>(in LogEntry<TState> entry) =>
        LogText.Bound(entry.Formatter(entry.State, entry.Exception), LogText.MaxMessage);

    /// <summary>The named values of the message, in its order; those that are empty are left out.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Fields(object? state) => state is IReadOnlyList<KeyValuePair<string, object?>> values
        ? values.Where(static value => value.Value is not null && value.Key != OriginalFormat).Select(static value => KeyValuePair.Create(value.Key, value.Value!))
        : [];

    public static string Value(object value) =>
        LogText.Bound(value is DateTimeOffset moment ? Time(moment) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", LogText.MaxValue);
}
