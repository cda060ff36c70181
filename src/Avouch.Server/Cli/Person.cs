namespace Avouch.Server.Cli;

/// <summary>Whoever typed the command: at this console, or behind the socket of a running server.</summary>
internal abstract class Person
{
    /// <summary>Their standard input is a terminal, so that a question finds somebody who can answer it.</summary>
    public abstract bool CanAnswer { get; }

    /// <summary>Their standard error is a terminal, so that a line can be drawn over.</summary>
    public abstract bool HasScreen { get; }

    /// <summary>Asks for a secret without showing it; where standard input is no terminal, the secret is its next line.</summary>
    /// <returns><see langword="null"/> at the end of input.</returns>
    public abstract Task<string?> AskSecret(string prompt);

    /// <summary>Asks for a line; where standard input is no terminal, it is the next one there.</summary>
    /// <returns><see langword="null"/> at the end of input.</returns>
    public abstract Task<string?> AskLine(string prompt);
}
