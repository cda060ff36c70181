using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Avouch.Server.Tests.Harness;

/// <summary>Everything that was logged, so that a test can say what must not be in it.</summary>
internal sealed class CapturedLogs : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel} {eventId.Name}: {formatter(state, exception)} {Fields(state)} {exception}");

    /// <summary>A program that reads the log sees the values by their names, and some of them stand in no message.</summary>
    private static string Fields(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values.Select(value => $"{value.Key}={value.Value}")) : "";

    public void Dispose()
    {
    }
}
