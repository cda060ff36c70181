using System.CommandLine;

namespace Avouch.Server.Cli;

/// <summary>Options that answer a question beforehand.</summary>
internal static class Questions
{
    /// <summary>For <see cref="CommandContext.Confirm"/>.</summary>
    public static Option<bool> YesOption() => new("--yes") { Description = "Does not ask. Needed where standard input is no terminal." };

    /// <summary>A long name, because whoever uses it can no longer administer anything.</summary>
    public static Option<bool> LastAdminOption() => new("--even-the-last-administrator") { Description = "Allows it although no active administrator is left." };

    public const string UnknownRole = "One of these roles does not exist. This shows them all: avouch roles list";

    public static string LastAdminRefusal(string title) =>
        $"{title} is the last active administrator. Make another one first (avouch users set-role USER admin), or add --even-the-last-administrator.";
}
