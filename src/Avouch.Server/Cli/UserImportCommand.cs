using System.CommandLine;
using System.Globalization;
using System.Text;
using Avouch.Server.Cli.Files;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users import</c>: accounts of another system, with the password hashes that they have.</summary>
internal static class UserImportCommand
{
    private sealed record Request(string File, bool IsDry, string? Report);

    public static Command Build(CommandRunner runner)
    {
        var file = new Argument<string>("FILE") { Description = "JSON lines, or CSV with a heading." };
        var isDry = new Option<bool>("--dry-run") { Description = "Says what would happen, and writes nothing." };
        var report = new Option<string>("--report") { Description = "A file for the lines that are refused, each with its reason; an earlier report of that name is replaced. Otherwise they go to standard error.", HelpName = "REPORT" };
        var command = new Command("import",
            "Adds accounts from a file, with the password hashes of another system. Members or columns: " + string.Join(", ", UserRecord.Columns) + "; only email is needed. "
            + "Accounts that exist are never changed, so the same file can be run again: after an interruption it goes on. Exit code 1 where lines were refused. docs/migrate has recipes.\n\n"
            + "Examples:\n  avouch users import users.jsonl --dry-run\n  avouch users import users.csv --report refused.txt")
        {
            file, isDry, report,
        };
        command.SetAction((parsed, _) => runner(parsed, context => Run(context, new Request(parsed.GetValue(file)!, parsed.GetValue(isDry), parsed.GetValue(report)))));
        return command;
    }

    private static async Task<ExitCode> Run(CommandContext context, Request request)
    {
        await using var stream = await context.Files.OpenRead(request.File);
        if (request.Report is null) return await Import(context, request, stream, context.Error);
        if (request.Report == request.File) return await context.Refuse("The report would replace the file that is imported. Give it another name.");
        await using var report = await context.Files.Create(request.Report, Occupied.ReplacedIfReport);
        try
        {
            var exit = await Import(context, request, stream, report.Content);
            await report.Keep();
            return exit;
        }
        catch (UserFileException)
        {
            await report.Keep();   // it says what was refused before the file could not be read on
            throw;
        }
    }

    private static async Task<ExitCode> Import(CommandContext context, Request request, Stream stream, Stream report)
    {
        await using var writer = new StreamWriter(report, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        return await Import(context, request, stream, writer);
    }

    private static async Task<ExitCode> Import(CommandContext context, Request request, Stream stream, TextWriter report)
    {
        ImportSummary summary;
        using (var progress = context.StartProgress(request.IsDry ? "Checking, bytes" : "Importing, bytes", FindLength(stream)))
        {
            await using var counting = new CountingStream(stream, count => progress.Advance(count));
            summary = await context.Get<UserImport>().Import(UserFile.Read(counting, context.Stop), request.IsDry, (line, reason) => report.WriteLineAsync($"line {line}: {reason}"), context.Stop);
        }
        await context.Output.WriteLineAsync(Describe(request, summary));
        return summary.Refused == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Describe(Request request, ImportSummary summary)
    {
        var added = request.IsDry ? "would be added" : "added";
        var where = summary.Refused > 0 && request.Report is not null ? $" ({request.Report} says why)" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{summary.Added:N0} {added}, {summary.AlreadyThere:N0} already there, {summary.Refused:N0} refused{where}.");
    }

    /// <summary>A pipe does not know.</summary>
    private static long? FindLength(Stream stream)
    {
        try
        {
            return stream.Length;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
