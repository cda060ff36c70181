namespace Avouch.Server.Settings;

/// <summary>How a line of the log is written.</summary>
internal enum LogFormat
{
    /// <summary>One JSON object a line: for programs.</summary>
    Json,

    /// <summary>One readable line an event: for people.</summary>
    Text,
}

/// <summary>What is logged, and in which form.</summary>
internal sealed record LogSettings(LogFormat Format, LogLevel Level)
{
    public static LogSettings Read(SettingsReader reader, DeploymentEnvironment environment)
    {
        var format = reader.Choice<LogFormat?>("AVOUCH_LOG_FORMAT", "What a line of the log looks like: json for programs, text for people; auto is json in production and text in development.",
            ("auto", null), ("json", LogFormat.Json), ("text", LogFormat.Text));
        var level = reader.Choice("AVOUCH_LOG_LEVEL", "The least that is logged. Below information there is nothing about single requests; above it refusals are not logged.",
            ("information", LogLevel.Information), ("debug", LogLevel.Debug), ("warning", LogLevel.Warning), ("error", LogLevel.Error));
        return new LogSettings(format ?? (environment == DeploymentEnvironment.Development ? LogFormat.Text : LogFormat.Json), level);
    }
}
