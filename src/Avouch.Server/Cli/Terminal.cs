using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Avouch.Server.Cli;

/// <summary>
/// The person at this process's own console, or whatever its standard input stands in for. Lines are read from the plain stream: the kernel edits
/// them and turns Ctrl+C into a signal, and the framework's console leaves the terminal alone.
/// </summary>
internal sealed class Terminal(CancellationToken stop) : Person
{
    private static readonly Lazy<TextReader> Input = new(static () => new StreamReader(OpenInput(), Encoding.UTF8));

    public override bool CanAnswer => !Console.IsInputRedirected;

    public override bool HasScreen => !Console.IsErrorRedirected;

    public override async Task<string?> AskSecret(string prompt)
    {
        if (!CanAnswer) return await ReadLine();
        if (OperatingSystem.IsWindows()) return ReadKeys(prompt);
        using var silence = Echo.Off();
        Console.Error.Write(prompt + ": ");
        try
        {
            return await ReadLine();
        }
        finally
        {
            Console.Error.WriteLine();   // the Enter was not shown either
        }
    }

    public override Task<string?> AskLine(string prompt)
    {
        if (CanAnswer) Console.Error.Write(prompt + ": ");
        return ReadLine();
    }

    /// <summary>On a terminal, the framework's own stream would edit and show the line itself.</summary>
    private static Stream OpenInput() => OperatingSystem.IsWindows() || Console.IsInputRedirected
        ? Console.OpenStandardInput()
        : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    /// <summary>A read that waits for a person cannot be stopped, only left behind.</summary>
    private Task<string?> ReadLine() => Task.Run(Input.Value.ReadLine).WaitAsync(stop);

    private static string ReadKeys(string prompt)
    {
        Console.Error.Write(prompt + ": ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != '\0') typed.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
