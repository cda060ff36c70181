using System.CommandLine;

namespace Avouch.Server.Cli;

/// <summary><c>avouch migrate</c>: brings the database to today's schema without serving. Opening the folder has done it already; this says what was done.</summary>
internal static class MigrateCommand
{
    public const string Name = "migrate";

    public static Command Build(CommandRunner runner)
    {
        var command = new Command(Name, "Brings the database to the schema of this version, as each start of the server does too. Makes a new one where there is none.\n\nExample:\n  avouch migrate --data /var/lib/avouch");
        command.SetAction((parsed, _) => runner(parsed, Report));
        return command;
    }

    private static async Task<ExitCode> Report(CommandContext context)
    {
        var migrated = context.Get<Foundation>().Migrated;
        if (context.IsInServer) await context.Output.WriteLineAsync($"A server runs on this folder (version {Product.Version}) and brought the database up to date when it started. Nothing was done.");
        else if (migrated.Count == 0) await context.Output.WriteLineAsync("The database is up to date. Nothing was done.");
        foreach (var migration in context.IsInServer ? [] : migrated) await context.Output.WriteLineAsync($"Applied {migration}.");
        return ExitCode.Done;
    }
}
