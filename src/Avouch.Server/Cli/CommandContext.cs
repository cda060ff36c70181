using Avouch.Server.Cli.Files;

namespace Avouch.Server.Cli;

/// <summary>
/// What a command may use, wherever it runs: in a process of its own, or inside of the running server on behalf of one. It never touches the console.
/// </summary>
/// <param name="Nouns">The parts of the server, on an open data folder.</param>
/// <param name="Stop">The person pressed Ctrl+C, or has gone. A command that takes long looks at it.</param>
internal sealed record CommandContext(IServiceProvider Nouns, TextWriter Output, TextWriter Error, Person Person, CancellationToken Stop)
{
    /// <summary>Whether a running server carries the command out.</summary>
    public bool IsInServer { get; init; }

    /// <summary>The person's own files, wherever the command is carried out.</summary>
    public required CommandFiles Files { get; init; }

    /// <summary>Where a command tells what it did: beside the bytes, where those go to standard output.</summary>
    public TextWriter OutputBeside(string file) => file is "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1" ? Error : Output;

    public T Get<T>() where T : notnull => Nouns.GetRequiredService<T>();

    /// <inheritdoc cref="Person.AskSecret"/>
    public Task<string?> AskSecret(string prompt) => Person.AskSecret(prompt);

    /// <summary>
    /// Asks a question that <c>--yes</c> answers beforehand. Where nobody can answer, it says so and counts as no: a script that forgot the option
    /// must not hang, and must not destroy anything.
    /// </summary>
    public async Task<bool> Confirm(string question, bool isYes)
    {
        if (isYes) return true;
        if (!Person.CanAnswer)
        {
            await Error.WriteLineAsync($"{question} Standard input is no terminal, so nobody can answer: add --yes.");
            return false;
        }
        var answer = await Person.AskLine(question + " [y/N]");
        if (answer?.Trim().ToUpperInvariant() is "Y" or "YES") return true;
        await Error.WriteLineAsync("Nothing was done.");
        return false;
    }

    /// <summary>A bar on a screen, plain lines elsewhere; on standard error, so that output stays clean.</summary>
    /// <param name="total">How many steps there are, where that is known.</param>
    public Progress StartProgress(string what, long? total) => new(Error, Person.HasScreen, what, total, Get<TimeProvider>());

    /// <summary>Says why not, and what to do.</summary>
    public async Task<ExitCode> Refuse(string reason)
    {
        await Error.WriteLineAsync(reason);
        return ExitCode.Failed;
    }

    /// <summary>Carries a command out. What a person can mend is said in its own words, without a stack trace.</summary>
    public async Task<int> Run(Func<CommandContext, Task<ExitCode>> action)
    {
        try
        {
            return (int)await action(this);
        }
        catch (OperationCanceledException)
        {
            await Error.WriteLineAsync("Stopped. What was done before stays done.");
            return (int)ExitCode.Stopped;
        }
        catch (Exception exception) when (exception is StartException or Data.DatabaseException or IOException or UnauthorizedAccessException)
        {
            return (int)await Refuse(exception.Message);
        }
    }
}
