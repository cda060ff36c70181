namespace Avouch.Server.Cli;

/// <summary>What the exit code of <c>avouch</c> means.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command was understood and could not be carried out, or was refused.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not one that we know.</summary>
    public const int Usage = 2;

    /// <summary>The settings are not valid; nothing was started.</summary>
    public const int Settings = 3;
}
