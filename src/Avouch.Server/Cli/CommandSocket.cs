using System.Collections.Concurrent;
using System.Net.Sockets;
using Avouch.Server.Cli.Files;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>
/// Where a running server takes commands: a Unix socket in its data folder, which only the folder's owner may open (mode 0600). What comes is
/// carried out in this process, so that nobody else ever opens the database of a running server.
/// </summary>
internal sealed partial class CommandSocket(Foundation foundation, IServiceProvider nouns, TimeProvider time, ILogger<CommandSocket> logger) : BackgroundService
{
    public const string FileName = "avouch.sock";

    /// <summary>How long a server that stops waits for commands to notice it. One whose person does not read on must not keep it.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Task, bool> running = new();

    private readonly string path = foundation.Folder.PathOf(FileName);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!SocketPath.Fits(path)) Log.PathTooLong(logger, path);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!SocketPath.Fits(path)) return;
        using var listener = Listen();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
                Follow(Serve(await listener.AcceptAsync(stoppingToken), stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            File.Delete(path);
            await Task.WhenAny(Task.WhenAll(running.Keys), Task.Delay(Farewell, time, CancellationToken.None));   // before the nouns go
        }
    }

    private void Follow(Task command)
    {
        running[command] = true;
        command.ContinueWith(done => running.TryRemove(done, out _), TaskScheduler.Default);
    }

    private Socket Listen()
    {
        File.Delete(path);   // left over from a crash: the folder's lock is ours, so nobody listens there
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen();   // only now: before the mode is right, nobody can connect
        return listener;
    }

    private async Task Serve(Socket connection, CancellationToken stoppingToken)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            using var wire = new Wire(stream);
            var args = new List<string>();
            if (await ReadArguments(wire, args, stoppingToken) is not { } begin) return;
            await using var person = new RemotePerson(wire, begin, stoppingToken);
            var exit = await Run(wire, person, [.. args]);
            await wire.Write(FrameKind.Exit, exit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            Log.CommandGone(logger);
        }
        catch (Exception failure)
        {
            Log.CommandFailed(logger, failure);   // the command sees its connection close and says so
        }
    }

    private async Task<int> Run(Wire wire, RemotePerson person, string[] args)
    {
        using var output = new FrameWriter(wire, FrameKind.Output);
        using var error = new FrameWriter(wire, FrameKind.Error);
        return await CommandLine.RunInside(new CommandContext(nouns, output, error, person, person.Stop) { IsInServer = true, Files = new RemoteFiles(person, OwnFiles.Of(nouns.GetRequiredService<AvouchSettings>())) }, args);
    }

    /// <returns>The frame that ended them; <see langword="null"/> where the other side has gone before.</returns>
    private static async Task<Frame?> ReadArguments(Wire wire, List<string> args, CancellationToken stoppingToken)
    {
        while (await wire.Read(stoppingToken) is { } frame)
        {
            if (frame.Kind == FrameKind.Begin) return frame;
            args.Add(frame.Text);
        }
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "command.no_socket", Level = LogLevel.Warning, Message = "The path {Path} is too long for a socket: commands such as \"avouch users\" work only while the server is stopped. Use a shorter data folder.")]
        public static partial void PathTooLong(ILogger logger, string path);

        [LoggerMessage(EventName = "command.gone", Level = LogLevel.Information, Message = "A command that was handed over went away before it was done.")]
        public static partial void CommandGone(ILogger logger);

        [LoggerMessage(EventName = "command.failed", Level = LogLevel.Error, Message = "A command that was handed over failed.")]
        public static partial void CommandFailed(ILogger logger, Exception failure);
    }
}

/// <summary>A socket's path has to fit into the operating system's structure: 108 bytes with the final zero on Linux, 104 elsewhere.</summary>
internal static class SocketPath
{
    private const int MaxBytes = 103;

    public static bool Fits(string path) => System.Text.Encoding.UTF8.GetByteCount(path) <= MaxBytes;
}
