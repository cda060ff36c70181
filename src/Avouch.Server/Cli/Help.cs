using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Avouch.Server.Cli;

/// <summary>
/// The help of every command. A command is described by a sentence, an empty line and its examples; the examples are shown with the command itself
/// and not in the list of its parent, which would drown in them.
/// </summary>
internal static class Help
{
    private const string ExamplesMark = "\n\nExample";

    /// <summary>Takes the examples out of the descriptions of a whole tree and lets its help show them.</summary>
    public static void Dress(RootCommand root, int? width)
    {
        var examples = new Dictionary<Command, string>();
        TakeExamples(root, examples);
        if (root.Options.OfType<HelpOption>().FirstOrDefault() is { } old) root.Options.Remove(old);
        var option = new HelpOption("--help", "-h") { Description = "Shows this." };
        var usual = (HelpAction)option.Action!;
        if (width is { } given) usual.MaxWidth = given;
        option.Action = new Action(usual, examples);
        root.Options.Add(option);
    }

    /// <summary>A command with those that stand before it: <c>avouch users add</c>.</summary>
    public static string PathOf(Command command)
    {
        var names = new List<string>();
        for (Symbol? symbol = command; symbol is Command one; symbol = one.Parents.FirstOrDefault()) names.Insert(0, one is RootCommand ? "avouch" : one.Name);
        return string.Join(' ', names);
    }

    private static void TakeExamples(Command command, Dictionary<Command, string> examples)
    {
        var description = command.Description ?? "";
        var mark = description.IndexOf(ExamplesMark, StringComparison.Ordinal);
        if (mark >= 0) (command.Description, examples[command]) = (description[..mark], description[(mark + 2)..]);
        foreach (var child in command.Subcommands) TakeExamples(child, examples);
    }

    private sealed class Action(HelpAction usual, Dictionary<Command, string> examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var exit = usual.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (examples.TryGetValue(parseResult.CommandResult.Command, out var text)) output.WriteLine(text + Environment.NewLine);
            return exit;
        }
    }
}
