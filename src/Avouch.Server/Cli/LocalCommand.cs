using System.CommandLine;
using Avouch.Server.Cli.Files;
using Avouch.Server.Data;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>
/// A command typed into a shell: carried out on the data folder here, or, where a running server owns the folder, inside of that server, which
/// alone may touch its database.
/// </summary>
internal static class LocalCommand
{
    public static async Task<int> Run(string[] args, ParseResult parsed, Func<CommandContext, Task<ExitCode>> action)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (CommandLine.ReadSettings(parsed) is not { } settings) return (int)ExitCode.Settings;
        using var stop = new StopSignal();
        try
        {
            RequireInstallation(settings.Server, parsed);
            await using var foundation = await FolderTurn.Await(() => Foundation.Open(settings, TimeProvider.System, Holder.Command), TimeProvider.System, stop.Token);
            return await RunHere(settings, foundation, output, error, action, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            error.WriteLine("Stopped. Nothing was done.");
            return (int)ExitCode.Stopped;
        }
        catch (FolderInUseException inUse) when (!inUse.IsCommand)
        {
            return await CommandClient.Run(OwnFiles.Of(settings), args, output, error, stop.Token) ?? Report(error, Explain(settings.Server.DataFolder, inUse));
        }
        catch (Exception exception) when (IsOfTheFolder(exception))
        {
            return Report(error, exception);
        }
    }

    /// <summary>A mistyped folder must not become a new, empty installation: only the server makes one, and <c>migrate</c>, whose work it is.</summary>
    private static void RequireInstallation(ServerSettings server, ParseResult parsed)
    {
        if (parsed.CommandResult.Command.Name == MigrateCommand.Name || DataFolder.HasDatabase(server.DataFolder)) return;
        throw new StartException($"There is no database in {server.DataFolder}.", $"Give the right folder with --data. A new installation is made by the first start of the server (avouch serve), or without one by: avouch migrate --data {server.DataFolder}");
    }

    /// <summary>Somebody owns the folder and does not answer: a server whose socket is gone, or another command.</summary>
    private static StartException Explain(string folder, FolderInUseException inUse)
    {
        var socket = Path.Combine(folder, CommandSocket.FileName);
        var owner = inUse.ProcessId is { } id ? $"process {id}" : "another process";
        if (!SocketPath.Fits(socket)) return new StartException($"The data folder {folder} is in use by {owner}, and its path is too long for the socket that takes commands.", "Stop the server for this command, or use a shorter folder.");
        var reason = File.Exists(socket) ? $"nobody answers at {socket}" : $"{socket} is missing";
        return new StartException($"The data folder {folder} is in use by {owner}, which takes no commands: {reason}.", "If it is a server, restart it: it makes the socket anew. If it is another command, wait for its end.");
    }

    /// <summary>What stops a data folder from being opened, said in words for whoever can mend it.</summary>
    public static bool IsOfTheFolder(Exception exception) =>
        exception is StartException or MigrationException or DatabaseException or FolderInUseException or IOException or UnauthorizedAccessException or NotSupportedException;

    public static int Report(TextWriter error, Exception exception)
    {
        error.WriteLine(exception.Message);
        return (int)ExitCode.DataFolder;
    }

    private static async Task<int> RunHere(
        AvouchSettings settings, Foundation foundation, TextWriter output, TextWriter error, Func<CommandContext, Task<ExitCode>> action, CancellationToken stop)
    {
        var services = new ServiceCollection().AddAvouch(settings, foundation, TimeProvider.System).AddLogging(logging => Logs.Configure(logging, settings.Logs));
        await using var nouns = services.BuildServiceProvider();
        return await new CommandContext(nouns, output, error, new Terminal(stop), stop) { Files = new LocalFiles(OwnFiles.Of(settings)) }.Run(action);
    }
}
