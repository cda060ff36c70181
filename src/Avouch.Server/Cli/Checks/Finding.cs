namespace Avouch.Server.Cli.Checks;

/// <summary>One thing that <c>doctor</c> looked at.</summary>
/// <param name="Severity"><see cref="IsOk"/>, <see cref="IsWarning"/> or <see cref="IsFault"/>.</param>
/// <param name="Area">What was looked at: settings, folder, database …</param>
/// <param name="Remedy">What to do; <see langword="null"/> where nothing is to be done.</param>
internal sealed record Finding(string Severity, string Area, string Text, string? Remedy)
{
    /// <summary>Looked at, and well.</summary>
    public const string IsOk = "ok";

    /// <summary>The server runs, and this should be mended.</summary>
    public const string IsWarning = "warning";

    /// <summary>The server does not run so, or not safely.</summary>
    public const string IsFault = "fault";

    public static Finding Ok(string area, string text) => new(IsOk, area, text, null);

    public static Finding Warning(string area, string text, string remedy) => new(IsWarning, area, text, remedy);

    public static Finding Fault(string area, string text, string remedy) => new(IsFault, area, text, remedy);
}
