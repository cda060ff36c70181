using System.Text;

namespace Avouch.Server.Cli;

/// <summary>The person at this process's own console, or whatever its standard input stands in for.</summary>
internal sealed class Terminal(CancellationToken stop) : Person
{
    private const char ControlC = '\x03';

    public override bool CanAnswer => !Console.IsInputRedirected;

    public override bool HasScreen => !Console.IsErrorRedirected;

    public override Task<string?> AskSecret(string prompt)
    {
        if (Console.IsInputRedirected) return ReadLine();
        Console.Error.Write(prompt + ": ");
        var secret = ReadHidden();
        Console.Error.WriteLine();
        return secret is null ? throw new OperationCanceledException() : Task.FromResult<string?>(secret);
    }

    public override Task<string?> AskLine(string prompt)
    {
        if (!Console.IsInputRedirected) Console.Error.Write(prompt + ": ");
        return ReadLine();
    }

    /// <summary>A read of the console cannot be stopped, only left behind.</summary>
    private Task<string?> ReadLine() => Task.Run(Console.In.ReadLine).WaitAsync(stop);

    /// <returns><see langword="null"/> after Ctrl+C, which arrives as a key here.</returns>
    private static string? ReadHidden()
    {
        var before = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        try
        {
            return ReadKeys();
        }
        finally
        {
            Console.TreatControlCAsInput = before;
        }
    }

    private static string? ReadKeys()
    {
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.KeyChar == ControlC) return null;
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != '\0') typed.Append(key.KeyChar);
        }
        return typed.ToString();
    }
}
