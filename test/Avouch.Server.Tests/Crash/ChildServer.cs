using System.Diagnostics;
using System.Globalization;
using System.Text;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Crash;

/// <summary>The real executable as a process of its own, which can be killed without a word.</summary>
internal sealed class ChildServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process process;
    private readonly string folder;

    private readonly Task<string> output;

    private ChildServer(Process process, string folder, Uri url, Task<string> output) => (this.process, this.folder, Url, this.output) = (process, folder, url, output);

    public Uri Url { get; }

    /// <summary>Its log, after <see cref="Stop"/>.</summary>
    public string Said { get; private set; } = "";

    public UsedSecrets Secrets { get; } = new();

    public TestClient Client() => new(Url, Secrets);

    /// <param name="before">A program and its arguments that runs the server, such as a tracer.</param>
    public static async Task<ChildServer> Start(string folder, params string[] before)
    {
        string[] command = [.. before, Path.Combine(AppContext.BaseDirectory, "avouch"), "serve", "--urls", "http://127.0.0.1:0", "--data", folder];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["AVOUCH_PUBLIC_URL"] = TestServer.Issuer,
                ["AVOUCH_ARGON2_MEMORY_KIB"] = "64",
                ["AVOUCH_ARGON2_ITERATIONS"] = "1",
                ["AVOUCH_LIMITS_ENABLED"] = "false",
                ["AVOUCH_SESSIONS_PER_USER"] = "10000",
                ["AVOUCH_REFRESH_GRACE_SECONDS"] = "600",   // a start takes a while on a busy machine
            },
        };
        var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var url = await FindUrl(process).WaitAsync(Patience);
        return new ChildServer(process, folder, url, output);
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Stop()
    {
        using var kill = Process.Start("kill", [process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync().WaitAsync(Patience);
        Said = await output;
        return process.ExitCode;
    }

    /// <summary>SIGKILL to the server itself, whose number stands in its folder; a program that runs it ends with it.</summary>
    public void Kill()
    {
        var id = int.Parse(File.ReadAllText(Path.Combine(folder, "avouch.pid")), CultureInfo.InvariantCulture);
        using var server = Process.GetProcessById(id);
        server.Kill();
        Assert.True(process.WaitForExit(Patience));
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
        Secrets.MustNotStandIn(output.WaitAsync(Patience).GetAwaiter().GetResult().Split('\n'));
    }

    /// <summary>Where the log is for programs, the banner stands on standard error.</summary>
    private static Task<Uri> FindUrl(Process process)
    {
        var said = new StringBuilder();
        var found = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            said.AppendLine(line.Data);
            if (line.Data is null) found.TrySetException(new InvalidOperationException($"The server did not start: {said}"));
            else if (line.Data.StartsWith("  http://", StringComparison.Ordinal)) found.TrySetResult(new Uri(line.Data.TrimStart().Split(' ')[0]));
        };
        process.BeginErrorReadLine();
        return found.Task;
    }
}
