using Microsoft.Extensions.Logging.Console;

namespace Avouch.Server;

/// <summary>What is logged and where: one line an event on standard output, with the time in UTC.</summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder logging) => Configure(logging, static () => false);

    /// <param name="isStarting">While it says so, the host and Kestrel keep silent: what stops a start is said once, in one sentence, by whoever started it.</param>
    public static void Configure(ILoggingBuilder logging, Func<bool> isStarting)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting", level => level >= LogLevel.Warning && !isStarting());
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level >= LogLevel.Warning && !isStarting());
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);   // a flood of refusals must not hold up requests
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);   // any level makes each request pay for an Activity and a scope
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });
    }
}
