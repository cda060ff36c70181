using System.Globalization;
using System.Net.Sockets;

namespace Avouch.Server.Cli;

/// <summary>Hands a command over to the server that owns the data folder, and shows what it says.</summary>
internal static class CommandClient
{
    /// <returns>The exit code; <see langword="null"/> where nobody takes commands there.</returns>
    public static async Task<int?> Run(string folder, string[] args, TextWriter output, TextWriter error)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = Path.Combine(folder, CommandSocket.FileName);
        if (!SocketPath.Fits(path)) return null;
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            return null;   // the caller says who owns the folder
        }
        await using var stream = new NetworkStream(socket);
        foreach (var arg in args) await Frame.Write(stream, FrameKind.Argument, arg);
        await Frame.Write(stream, FrameKind.Begin);
        return await Follow(stream, output, error);
    }

    private static async Task<int> Follow(Stream stream, TextWriter output, TextWriter error)
    {
        while (await Frame.Read(stream) is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Output: await output.WriteAsync(frame.Text); break;
                case FrameKind.Error: await error.WriteAsync(frame.Text); break;
                case FrameKind.AskSecret: await Answer(stream, await Terminal.AskSecret(frame.Text)); break;
                case FrameKind.Exit: return int.Parse(frame.Text, CultureInfo.InvariantCulture);
                default: break;
            }
        }
        await error.WriteLineAsync("The server closed the connection before the command was done; its log says why.");
        return ExitCode.Failed;
    }

    private static Task Answer(Stream stream, string? secret) =>
        secret is null ? Frame.Write(stream, FrameKind.NoSecret) : Frame.Write(stream, FrameKind.Secret, secret);
}
