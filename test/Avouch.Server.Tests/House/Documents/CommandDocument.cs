using System.CommandLine;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text;
using Avouch.Server.Cli;

namespace Avouch.Server.Tests.House.Documents;

/// <summary>docs/cli.md: the help of every command, as it prints it.</summary>
internal static class CommandDocument
{
    private const int Width = 120;

    private const string Introduction =
        """
        # The command line

        Made by `eng/documents` from the commands themselves. Do not edit.

        Commands work beside a running server and without one. Beside one they are carried out inside of it, through a socket in the data folder that
        only the folder's owner may open, with the server's settings; what is typed, asked and printed stays in your terminal. Ctrl+C stops a command,
        and what it has done by then stays done.

        - Lists are tables for people. With `--json` they are one JSON object a line, with everything that is known.
        - Output goes to standard output; questions, progress and errors go to standard error.
        - A question is asked only on a terminal. Elsewhere the command needs `--yes` and says so.
        - A user is named by user name, e-mail address or id.
        - A secret is asked for without showing it; where standard input is no terminal, it is the next line there.

        ## Exit codes

        | code | meaning |
        | --- | --- |

        """;

    public static RootCommand Tree() => CommandLine.Build(static (_, _) => Task.FromResult(0), static (_, _) => Task.FromResult(0), static (_, _) => Task.FromResult(0), Width);

    /// <summary>A command and all below it, in the order of the help.</summary>
    public static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    public static string Write()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var code in Enum.GetValues<ExitCode>())
            text.Append(CultureInfo.InvariantCulture, $"| {(int)code} | {typeof(ExitCode).GetField(code.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description} |\n");
        var root = Tree();
        foreach (var command in All(root)) text.Append(CultureInfo.InvariantCulture, $"\n## {Help.PathOf(command)}\n\n```\n{HelpOf(root, command)}\n```\n");
        return text.ToString();
    }

    public static string HelpOf(RootCommand root, Command command)
    {
        using var output = new StringWriter();
        var words = Help.PathOf(command).Split(' ').Skip(1);
        root.Parse([.. words, "--help"]).Invoke(new InvocationConfiguration { Output = output });
        var lines = output.ToString().ReplaceLineEndings("\n").Replace($"\n  {RootCommand.ExecutableName} ", "\n  avouch ", StringComparison.Ordinal).Split('\n');
        return string.Join('\n', lines.Select(line => line.TrimEnd())).Trim('\n');
    }
}
