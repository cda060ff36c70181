using System.CommandLine;
using System.Globalization;
using Avouch.Server.Backups;
using Avouch.Server.Cli.Files;

namespace Avouch.Server.Cli;

/// <summary><c>avouch backup</c>: the database as one file, while the server works or without one.</summary>
internal static class BackupCommand
{
    private const int BufferBytes = 128 * 1024;

    public static Command Build(CommandRunner runner)
    {
        var file = new Argument<string>("FILE") { Description = "Where the copy goes, seen from here. Only its owner may read it." };
        var force = new Option<bool>("--force") { Description = "Replaces a file of that name." };
        var command = new Command("backup", "Copies the database into a file, also while the server works. The master key is not in it.\n\nExamples:\n  avouch backup /var/backups/avouch-monday.db\n  avouch backup latest.db --force")
        {
            file, force,
        };
        command.SetAction((parsed, _) => runner(parsed, context => Run(context, parsed.GetValue(file)!, parsed.GetValue(force))));
        return command;
    }

    private static async Task<ExitCode> Run(CommandContext context, string path, bool replace)
    {
        var backup = context.Get<Backup>();
        await using var file = await context.Files.Create(path, replace ? Occupied.Replaced : Occupied.Refused);   // first: nobody waits for a copy that has no place
        await using var copy = await Copy(context, backup);
        await Send(context, copy, file.Content);
        await file.Keep();
        await backup.Note(copy.Length);
        await context.OutputBeside(path).WriteLineAsync($"Backed up {copy.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes to {path}.");
        await context.OutputBeside(path).WriteLineAsync("The master key is not in it. Keep secret.key (or AVOUCH_SECRET_KEY) in another safe place: a backup is useless without its key, and the key without a backup.");
        return ExitCode.Done;
    }

    private static async Task<Stream> Copy(CommandContext context, Backup backup)
    {
        using var progress = context.StartProgress("Copying, bytes", await backup.EstimateBytes());
        return await backup.Copy(progress.Advance, context.Stop);
    }

    private static async Task Send(CommandContext context, Stream copy, Stream target)
    {
        using var progress = context.StartProgress("Writing, bytes", copy.Length);
        var piece = new byte[BufferBytes];
        for (int count; (count = await copy.ReadAsync(piece, context.Stop)) > 0; progress.Advance(count))
            await target.WriteAsync(piece.AsMemory(0, count), context.Stop);
    }
}
