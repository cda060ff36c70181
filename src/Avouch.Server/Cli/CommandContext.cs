namespace Avouch.Server.Cli;

/// <summary>
/// What a command may use, wherever it runs: in a process of its own, or inside of the running server on behalf of one. It never touches the console.
/// </summary>
/// <param name="Nouns">The parts of the server, on an open data folder.</param>
/// <param name="AskSecret">Asks whoever typed the command for a secret, without showing it; <see langword="null"/> at the end of their input.</param>
internal sealed record CommandContext(IServiceProvider Nouns, TextWriter Output, TextWriter Error, Func<string, Task<string?>> AskSecret)
{
    public T Get<T>() where T : notnull => Nouns.GetRequiredService<T>();
}
