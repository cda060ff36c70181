using Avouch.Server.Logging;
using Avouch.Server.Settings;
using Microsoft.Extensions.Logging.Console;

namespace Avouch.Server;

/// <summary>What is logged and where: one line an event on standard output (docs/logging.md).</summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder logging, LogSettings settings) => Configure(logging, settings, static () => false);

    /// <param name="isStarting">While it says so, the host and Kestrel keep silent: what stops a start is said once, in one sentence, by whoever started it.</param>
    public static void Configure(ILoggingBuilder logging, LogSettings settings, Func<bool> isStarting)
    {
        logging.SetMinimumLevel(settings.Level);
        AddFilters(logging, settings.Level > LogLevel.Warning ? settings.Level : LogLevel.Warning, isStarting);
        logging.Services.AddSingleton<ConsoleFormatter, JsonLines>().AddSingleton<ConsoleFormatter, TextLines>();
        logging.AddConsole(options =>
        {
            options.FormatterName = settings.Format == LogFormat.Json ? JsonLines.FormatterName : TextLines.FormatterName;
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;   // a slow reader of the log must not hold up requests; how many lines that cost is said on standard error
        });
    }

    private static void AddFilters(ILoggingBuilder logging, LogLevel framework, Func<bool> isStarting)
    {
        logging.AddFilter("Microsoft", framework);
        logging.AddFilter("Microsoft.Extensions.Hosting", level => level >= framework && !isStarting());
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level >= framework && !isStarting());
        Silence(logging);
    }

    /// <summary>What is never logged, whatever the level: this one writes the query of each request, and any level makes each of them pay for an Activity and a scope.</summary>
    internal static void Silence(ILoggingBuilder logging) => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
}
