using System.Globalization;
using System.Net.Sockets;
using Avouch.Server.Cli.Files;

namespace Avouch.Server.Cli;

/// <summary>Hands a command over to the server that owns the data folder, shows what it says and answers what it asks.</summary>
internal sealed class CommandClient(Wire wire, TextWriter output, TextWriter error, Person person)
{
    /// <param name="own">Names the data folder whose owner is asked.</param>
    /// <returns>The exit code; <see langword="null"/> where nobody takes commands there.</returns>
    public static async Task<int?> Run(OwnFiles own, string[] args, TextWriter output, TextWriter error, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = Path.Combine(own.Folder, CommandSocket.FileName);
        if (!SocketPath.Fits(path)) return null;
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
        }
        catch (SocketException)
        {
            return null;   // the caller says who owns the folder
        }
        await using var stream = new NetworkStream(socket);
        using var wire = new Wire(stream);
        try
        {
            return await new CommandClient(wire, output, error, new Terminal(stop)).Run(own, args, stop);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            await error.WriteLineAsync("The conversation with the running server broke off: " + broken.Message);
            return (int)ExitCode.Failed;
        }
    }

    private async Task<int> Run(OwnFiles own, string[] args, CancellationToken stop)
    {
        foreach (var arg in args) await wire.Write(FrameKind.Argument, arg);
        await wire.Write(FrameKind.Begin, RemotePerson.Describe(person));
        await using var stopping = stop.Register(() => _ = wire.Write(FrameKind.Stop));
        await using var files = new FileServer(wire, args, own);
        return await Follow(files);
    }

    private async Task<int> Follow(FileServer files)
    {
        while (await wire.Read() is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Output: await output.WriteAsync(frame.Text); break;
                case FrameKind.Error: await error.WriteAsync(frame.Text); break;
                case FrameKind.AskSecret: await Answer(person.AskSecret, frame.Text, FrameKind.Secret, FrameKind.NoSecret); break;
                case FrameKind.AskLine: await Answer(person.AskLine, frame.Text, FrameKind.Line, FrameKind.NoLine); break;
                case FrameKind.Exit: return int.Parse(frame.Text, CultureInfo.InvariantCulture);
                case var kind when FileServer.Serves(kind): await files.Serve(frame); break;
                default: break;
            }
        }
        await error.WriteLineAsync("The server closed the connection before the command was done; its log says why.");
        return (int)ExitCode.Failed;
    }

    private async Task Answer(Func<string, Task<string?>> ask, string prompt, FrameKind some, FrameKind none)
    {
        try
        {
            var answer = await ask(prompt);
            await (answer is null ? wire.Write(none) : wire.Write(some, answer));
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C was the answer: the server has been told, and says how the command ended
        }
    }
}
