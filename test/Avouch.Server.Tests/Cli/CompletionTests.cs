using System.Diagnostics;

namespace Avouch.Server.Tests.Cli;

/// <summary>The scripts of <c>avouch completion</c>, run by the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("avouch us", "us", "users")]
    [InlineData("avouch users ", "", "add delete disable enable list reset-password set-role show --data --help --set --urls -h")]
    [InlineData("avouch users set-role alice ", "", "admin guest user")]
    [InlineData("avouch journal list --kind user.d", "user.d", "user.deleted user.disabled")]
    public async Task Bash_completes(string line, string word, string expected)
    {
        var words = string.Join(' ', line.Split(' ').Select(part => $"'{part}'"));

        var found = await Run("bash", $"source <(avouch completion bash); COMP_WORDS=({words}); COMP_LINE='{line}'; COMP_POINT={line.Length}; _avouch avouch '{word}' x; printf '%s\\n' \"${{COMPREPLY[@]}}\"");

        Assert.Subset(found.ToHashSet(), expected.Split(' ').ToHashSet());
        Assert.All(found, one => Assert.StartsWith(word, one, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Zsh_completes()
    {
        var found = await Run("zsh", "compdef() { : }; compadd() { shift; print -l -- $@ }; source <(avouch completion zsh); words=(avouch keys re); BUFFER='avouch keys re'; CURSOR=$#BUFFER; _avouch");

        Assert.Equal(["reencrypt"], found);
    }

    [Fact]
    public async Task Fish_completes()
    {
        var found = await Run("fish", "avouch completion fish | source; complete -C 'avouch keys re'");

        Assert.Contains("reencrypt", found);
    }

    [Fact]
    public async Task Another_shell_is_refused() => Assert.Equal(2, (await Child.Run(folder, "", "completion", "tcsh")).Exit);

    private async Task<string[]> Run(string shell, string script)
    {
        var start = new ProcessStartInfo(shell, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["PATH"] = Path.GetDirectoryName(Child.Program) + ":" + start.Environment["PATH"];
        start.Environment["HOME"] = folder;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
