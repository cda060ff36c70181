using System.CommandLine;
using Avouch.Server.Cli.Files;
using Avouch.Server.Data;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary><c>settings print</c> from the shell: what the running server has in force, or, without one, what a server would have that is started here.</summary>
internal static class LocalSettings
{
    public static async Task<int> Print(string[] args, ParseResult parsed, bool isJson)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (CommandLine.ReadSettings(parsed) is not { } settings) return (int)ExitCode.Settings;
        using var stop = new StopSignal();
        if (await CommandClient.Run(OwnFiles.Of(settings), args, output, error, stop.Token) is { } exit) return exit;
        return (int)await SettingsCommand.Print(output, isJson, settings, await FindIssuer(settings.Server, error));
    }

    /// <summary>Never makes a folder or a database. A broken one is told and does not keep the settings from being shown.</summary>
    private static async Task<string?> FindIssuer(ServerSettings server, TextWriter error)
    {
        if (!DataFolder.HasDatabase(server.DataFolder)) return null;
        try
        {
            using var folder = await FolderTurn.Await(() => DataFolder.Open(server.DataFolder, Holder.Command), TimeProvider.System, CancellationToken.None);
            await using var database = SqliteDatabase.Open(folder.DatabasePath);
            return await Installation.FindIssuer(database);
        }
        catch (Exception exception) when (LocalCommand.IsOfTheFolder(exception))
        {
            await error.WriteLineAsync($"The issuer that is stored in {server.DataFolder} could not be read. {exception.Message}");
            return null;
        }
    }
}
