using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Avouch.Server.Tests.Cli;

/// <summary><c>avouch</c> as a process of its own, as people run it: the executable that was built beside the tests.</summary>
internal sealed partial class Child : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The executable that was built beside the tests.</summary>
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "avouch");

    private readonly Process process;

    private Child(Process process) => this.process = process;

    /// <summary>Runs a command to its end.</summary>
    /// <param name="folder">Its working folder and home of its data, unless the arguments say otherwise.</param>
    public static async Task<ChildAnswer> Run(string folder, string input, params string[] args)
    {
        await using var child = new Child(Begin(folder, args, []));
        await child.process.StandardInput.WriteAsync(input);
        child.process.StandardInput.Close();
        return await child.Finish();
    }

    /// <summary>The same with variables in its environment.</summary>
    public static async Task<ChildAnswer> RunWith(string folder, (string Name, string Value)[] environment, params string[] args)
    {
        await using var child = new Child(Begin(folder, args, environment));
        child.process.StandardInput.Close();
        return await child.Finish();
    }

    /// <summary>Runs a command on a terminal of its own (script of util-linux), where somebody types: <c>\r</c> is Enter, <c>\x03</c> is Ctrl+C.</summary>
    /// <param name="conversation">What has to be shown, and what is typed then.</param>
    /// <returns>Standard output and standard error as they stand on the screen.</returns>
    public static async Task<ChildAnswer> Talk(string folder, (string Shown, string Typed)[] conversation, params string[] args)
    {
        var line = string.Join(' ', args.Prepend(Program).Select(arg => $"'{arg}'"));
        await using var child = new Child(Start("script", folder, ["-qec", line, "/dev/null"], []));
        using var timeout = new CancellationTokenSource(Patience);
        var screen = new StringBuilder();
        foreach (var (shown, typed) in conversation)
        {
            await child.Await(shown, screen, timeout.Token);
            await child.process.StandardInput.WriteAsync(typed);
            await child.process.StandardInput.FlushAsync(timeout.Token);
        }
        screen.Append(await child.process.StandardOutput.ReadToEndAsync(timeout.Token));
        await child.process.WaitForExitAsync(timeout.Token);
        return new ChildAnswer(child.process.ExitCode, screen.ToString(), "");
    }

    /// <summary>Starts a command that goes on until it is told to stop.</summary>
    public static Child Start(string folder, params string[] args) => new(Begin(folder, args, []));

    /// <summary>The next line that it prints.</summary>
    public async Task<string?> ReadLine()
    {
        using var timeout = new CancellationTokenSource(Patience);
        return await process.StandardOutput.ReadLineAsync(timeout.Token);
    }

    /// <summary>Sends it Ctrl+C and waits for its end.</summary>
    public async Task<ChildAnswer> Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        return await Finish();
    }

    /// <summary>Starts a server on a free port and returns when it has said where it listens.</summary>
    public static Task<(Child Server, Uri Url)> Serve(string folder, params (string Name, string Value)[] environment) =>
        ServeAt("http://127.0.0.1:0", folder, [("AVOUCH_PUBLIC_URL", Harness.TestServer.Issuer), .. environment]);

    /// <summary>The same at an address of the caller's choice.</summary>
    public static async Task<(Child Server, Uri Url)> ServeAt(string urls, string folder, params (string Name, string Value)[] environment)
    {
        var child = new Child(Begin(folder, ["serve", "--urls", urls, "--data", folder, "--set", "AVOUCH_ARGON2_MEMORY_KIB=64"], environment));
        using var timeout = new CancellationTokenSource(Patience);
        while (await child.process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            if (Listening().Match(line) is { Success: true } match)
                return (child, new Uri(match.Groups[1].Value));
        throw new InvalidOperationException("The server ended: " + await child.process.StandardError.ReadToEndAsync(timeout.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ChildAnswer> Finish()
    {
        using var timeout = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return new ChildAnswer(process.ExitCode, await output, await error);
    }

    private async Task Await(string shown, StringBuilder screen, CancellationToken timeout)
    {
        var letter = new char[1];
        while (!screen.ToString().EndsWith(shown, StringComparison.Ordinal))
        {
            if (await process.StandardOutput.ReadAsync(letter, timeout) == 0) throw new InvalidOperationException($"\"{shown}\" was not shown, but: {screen}");
            screen.Append(letter[0]);
        }
    }

    private static Process Begin(string folder, string[] args, (string Name, string Value)[] environment) => Start(Program, folder, args, environment);

    private static Process Start(string program, string folder, string[] args, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AVOUCH_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        if (args.Contains("serve")) start.Environment["AVOUCH_LOG_FORMAT"] = "text";   // then the banner stands on standard output
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"^\s+(http://\S+)")]
    private static partial Regex Listening();
}

/// <summary>What a command said and how it ended.</summary>
internal sealed record ChildAnswer(int Exit, string Output, string Error);
