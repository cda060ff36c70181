using System.CommandLine;

namespace Avouch.Server.Cli;

/// <summary><c>avouch completion</c>: scripts that let a shell complete our commands. What there is to complete, the shell asks <c>avouch</c> itself.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _avouch() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
                [[ $line == "$2"* ]] && COMPREPLY+=("$line")
            done < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -o default -F _avouch avouch
        """;

    private const string Zsh = """
        #compdef avouch
        _avouch() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -- $found || _files
        }
        compdef _avouch avouch
        """;

    private const string Fish = """
        function __avouch_complete
            set -l line (commandline -cp | string collect)
            avouch "[suggest:"(string length -- $line)"]" $line 2>/dev/null
        end
        complete -c avouch -a '(__avouch_complete)'
        """;

    public static Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." }.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script that completes commands and options in a shell.\n\nExamples:\n  avouch completion bash > /etc/bash_completion.d/avouch\n  source <(avouch completion zsh)\n  avouch completion fish > ~/.config/fish/completions/avouch.fish") { shell };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(Script(parsed.GetValue(shell)!).ReplaceLineEndings("\n")));
        return command;
    }

    private static string Script(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };
}
