using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Avouch.Load;

/// <summary>A process of ours under load: started here, measured from outside, ended here.</summary>
internal sealed class Host : IAsyncDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process process;

    private Host(Process process, string url, TimeSpan firstAnswer) => (this.process, Url, FirstAnswer) = (process, url, firstAnswer);

    public string Url { get; }

    /// <summary>From the start of the process to the first byte of its first answer.</summary>
    public TimeSpan FirstAnswer { get; }

    public static async Task<Host> Start(string program, int port, string path, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AVOUCH_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["AVOUCH_LIMITS_ENABLED"] = "false";
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var complaints = new List<string>();
        process.ErrorDataReceived += (_, line) => complaints.Add(line.Data ?? "");
        process.BeginErrorReadLine();
        while (!await Answers(port, path))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                throw new InvalidOperationException($"{program} does not answer: {string.Join('\n', complaints)}");
            await Task.Delay(5);   // rarely enough not to take a core from what is starting
        }
        return new Host(process, $"http://127.0.0.1:{port}", Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Processor time so far, in microseconds: user and kernel.</summary>
    public double Cpu()
    {
        var stat = File.ReadAllText($"/proc/{process.Id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Field(11) + Field(12)) / TicksPerSecond * 1e6;

        double Field(int index) => double.Parse(fields[index], CultureInfo.InvariantCulture);
    }

    /// <summary>A line of /proc/PID/status in MiB: VmRSS, RssAnon, RssFile …</summary>
    public double MiB(string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Asks it to end, as an operator would, and insists after a while.</summary>
    public async ValueTask DisposeAsync()
    {
        await Command.Output("kill", [process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
        process.Dispose();
    }

    private static async Task<bool> Answers(int port, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
            var answer = new byte[12];
            return await socket.ReceiveAsync(answer) == answer.Length && answer.AsSpan().SequenceEqual("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
