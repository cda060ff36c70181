using System.CommandLine;
using Avouch.Server.Data;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>
/// A command typed into a shell: carried out on the data folder here, or, where a running server owns the folder, inside of that server, which
/// alone may touch its database.
/// </summary>
internal static class LocalCommand
{
    public static async Task<int> Run(string[] args, ParseResult parsed, Func<CommandContext, Task<int>> action)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (CommandLine.ReadSettings(parsed) is not { } settings) return ExitCode.Settings;
        try
        {
            return await RunHere(settings, output, error, action);
        }
        catch (FolderInUseException inUse)
        {
            return await CommandClient.Run(settings.Server.DataFolder, args, output, error) ?? Report(error, inUse);
        }
        catch (Exception exception) when (exception is StartException or MigrationException or DatabaseException or IOException or UnauthorizedAccessException)
        {
            return Report(error, exception);
        }
    }

    private static async Task<int> RunHere(AvouchSettings settings, TextWriter output, TextWriter error, Func<CommandContext, Task<int>> action)
    {
        await using var foundation = await Foundation.Open(settings, TimeProvider.System);
        var services = new ServiceCollection().AddAvouch(settings, foundation, TimeProvider.System).AddLogging(Logs.Configure);
        await using var nouns = services.BuildServiceProvider();
        return await action(new CommandContext(nouns, output, error, Terminal.AskSecret));
    }

    private static int Report(TextWriter error, Exception exception)
    {
        error.WriteLine(exception.Message);
        return ExitCode.Failed;
    }
}
