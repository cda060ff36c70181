using System.CommandLine;
using System.Globalization;
using Avouch.Server.Cli.Files;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users export</c>: all accounts in a file that <c>users import</c> takes, here or in another system.</summary>
internal static class UserExportCommand
{
    private sealed record Request(string File, bool WithHashes, bool IsForced)
    {
        public bool IsCsv => File.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
    }

    public static Command Build(CommandRunner runner)
    {
        var file = new Argument<string>("FILE") { Description = "A new file, readable by its owner only: CSV where its name ends in .csv, else JSON lines." };
        var withHashes = new Option<bool>("--with-password-hashes") { Description = "Also the password hashes. Whoever gets the file can try passwords against them." };
        var isForced = new Option<bool>("--force") { Description = "Replaces a file of that name." };
        var command = new Command("export",
            "Writes all accounts into a file that users import takes. The journal notes it.\n\nExamples:\n  avouch users export users.csv\n  avouch users export users.jsonl --with-password-hashes")
        {
            file, withHashes, isForced,
        };
        command.SetAction((parsed, _) => runner(parsed, context => Run(context, new Request(parsed.GetValue(file)!, parsed.GetValue(withHashes), parsed.GetValue(isForced)))));
        return command;
    }

    private static async Task<ExitCode> Run(CommandContext context, Request request)
    {
        var export = context.Get<UserExport>();
        await using var file = await context.Files.Create(request.File, request.IsForced ? Occupied.Replaced : Occupied.Refused);
        await export.Note(request.WithHashes);
        long count;
        using (var progress = context.StartProgress("Exporting", total: null))
            count = await export.Run(file.Content, request.IsCsv, request.WithHashes, written => progress.Advance(written), context.Stop);
        await file.Keep();
        await context.OutputBeside(request.File).WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "account" : "accounts")} in {request.File}, {(request.WithHashes ? "with" : "without")} password hashes."));
        if (request.WithHashes) await context.Error.WriteLineAsync("Keep this file like the database itself, and delete it when it has been used.");
        return ExitCode.Done;
    }
}
