using System.ComponentModel;

namespace Avouch.Server.Cli;

/// <summary>What the exit code of <c>avouch</c> means. The descriptions go into docs/cli.md; scripts rely on the numbers.</summary>
internal enum ExitCode
{
    [Description("Done.")]
    Done = 0,

    [Description("Refused or not possible: there is no such thing, a name is taken, a question was answered with no. Standard error says which.")]
    Failed = 1,

    [Description("The command line is not one that `avouch` knows.")]
    Usage = 2,

    [Description("The settings are not valid; nothing was started.")]
    Settings = 3,

    [Description("The data folder cannot be used: another process owns it, its rights are wrong, or its database or master key does not fit.")]
    DataFolder = 4,

    [Description("`doctor` found nothing that stops the server, and something that should be mended.")]
    Doubtful = 5,

    [Description("Stopped by Ctrl+C or a signal before it was done.")]
    Stopped = 130,
}
