using System.Text;

namespace Avouch.Server.Cli;

/// <summary>The person at the keyboard, or whatever stands in for one.</summary>
internal static class Terminal
{
    /// <summary>Reads a secret without showing it. Where standard input is not a terminal, the secret is its next line.</summary>
    public static Task<string?> AskSecret(string prompt)
    {
        if (Console.IsInputRedirected) return Task.FromResult(Console.In.ReadLine());
        Console.Error.Write(prompt + ": ");
        var secret = ReadHidden();
        Console.Error.WriteLine();
        return Task.FromResult<string?>(secret);
    }

    private static string ReadHidden()
    {
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != '\0') typed.Append(key.KeyChar);
        }
        return typed.ToString();
    }
}
