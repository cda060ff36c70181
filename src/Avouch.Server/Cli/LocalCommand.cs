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
            await using var foundation = await Foundation.Open(settings, TimeProvider.System);
            return await RunHere(settings, foundation, output, error, action, stop.Token);
        }
        catch (FolderInUseException inUse)
        {
            return await CommandClient.Run(settings.Server.DataFolder, args, output, error, stop.Token) ?? Report(error, inUse);
        }
        catch (Exception exception) when (IsOfTheFolder(exception))
        {
            return Report(error, exception);
        }
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
        var services = new ServiceCollection().AddAvouch(settings, foundation, TimeProvider.System).AddLogging(Logs.Configure);
        await using var nouns = services.BuildServiceProvider();
        return await new CommandContext(nouns, output, error, new Terminal(stop), stop) { Files = new LocalFiles() }.Run(action);
    }
}
