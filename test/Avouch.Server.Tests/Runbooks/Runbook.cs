using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Runbooks;

/// <summary>
/// A document of docs/runbooks whose shell blocks are run one after the other, as somebody would who follows it. Folders and the port are a test's own,
/// and a stand-in for systemctl starts and stops a real server.
/// </summary>
internal sealed partial class Runbook : IDisposable
{
    private const string Systemctl =
        """
        #!/usr/bin/env bash
        set -euo pipefail
        cd "$HERE"
        stop() { kill "$(cat pid)"; while kill -0 "$(cat pid)" 2>/dev/null; do sleep 0.05; done; rm pid; }
        start() {
            nohup avouch serve --urls "$SERVER" --data "$SERVED" --set AVOUCH_ARGON2_MEMORY_KIB=64 > serve.log 2>&1 < /dev/null &
            echo $! > pid
            for _ in $(seq 400); do curl -fs "$SERVER/health/live" > /dev/null && return; sleep 0.05; done
            cat serve.log; return 1
        }
        "$1"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string root = Directory.CreateTempSubdirectory("avouch-test-").FullName;
    private readonly List<(string Before, string After)> replaced = [];
    private readonly List<string> blocks;

    public Runbook(string name)
    {
        blocks = [.. ShellBlock().Matches(Repository.Read($"docs/runbooks/{name}.md")).Select(match => match.Groups[1].Value)];
        Write("systemctl", Systemctl);
        Replace("http://localhost:8080", Url.ToString().TrimEnd('/'));
    }

    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort()}");

    public int Count => blocks.Count;

    /// <summary>A folder of the document becomes one of the test.</summary>
    public string Replace(string folder)
    {
        var own = Path.Combine(root, folder.Trim('/').Replace('/', '-'));
        Replace(folder, own);
        return own;
    }

    /// <summary>Runs all blocks in one shell.</summary>
    /// <param name="served">The data folder of the server that runs when the first block does.</param>
    /// <param name="between">Shell lines of the test that are run before the block of that number.</param>
    /// <returns>What each block wrote.</returns>
    public async Task<string[]> Run(string served, IReadOnlyDictionary<int, string> between)
    {
        var script = "set -euo pipefail\nsystemctl start avouch\n" + string.Concat(blocks.Select((block, number) =>
            $"{(between.TryGetValue(number, out var lines) ? $"{{ {lines}\n}} > /dev/null\n" : "")}echo '=== {number}'\n{block}"));
        Write("run.sh", replaced.Aggregate(script, (text, pair) => text.Replace(pair.Before, pair.After, StringComparison.Ordinal)));
        var (exit, output) = await Bash(served);
        Assert.True(exit == 0, $"The runbook ended with exit code {exit}:\n{output}");
        return [.. BlockMark().Split(output).Skip(1)];
    }

    public void Dispose()
    {
        if (File.Exists(Path.Combine(root, "pid")))
        {
            using var server = Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(root, "pid")), System.Globalization.CultureInfo.InvariantCulture));
            server.Kill();
            server.WaitForExit();
        }
        Directory.Delete(root, recursive: true);
    }

    private void Replace(string before, string after) => replaced.Add((before, after));

    private void Write(string name, string script)
    {
        File.WriteAllText(Path.Combine(root, name), script);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(root, name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<(int Exit, string Output)> Bash(string served)
    {
        var start = new ProcessStartInfo("bash", ["-c", "exec bash run.sh 2>&1"]) { WorkingDirectory = root, RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{root}:{AppContext.BaseDirectory}:{start.Environment["PATH"]}";
        (start.Environment["HERE"], start.Environment["SERVED"], start.Environment["SERVER"]) = (root, served, Url.ToString().TrimEnd('/'));
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, output);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("^=== [0-9]+\n", RegexOptions.Multiline)]
    private static partial Regex BlockMark();
}
