using System.CommandLine;
using System.Threading.Channels;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary>A row of the journal as the shell shows one.</summary>
internal sealed record JournalLine(
    long Seq, DateTimeOffset At, string Kind, Guid? UserId, string? User, Guid? SessionId, Guid? ActorId, string? Address, long? Epoch, string? Detail);

/// <summary><c>avouch journal</c>: what happened, and what is happening.</summary>
internal static class JournalCommand
{
    private const int PageSize = 500;
    private const int DefaultLimit = 50;

    private static readonly string[] Kinds = [.. JournalKind.All];

    public static Command Build(CommandRunner runner) => new("journal", "Shows what mattered to security.\n\nExample:\n  avouch journal list --user alice --since 7d") { ListCommand(runner), FollowCommand(runner) };

    private static Command ListCommand(CommandRunner runner)
    {
        var filter = new FilterOptions();
        var since = new Option<Moment?>("--since") { Description = "Only rows since then: 30m, 12h, 7d, or a time such as 2026-01-31T10:00Z.", HelpName = "WHEN", CustomParser = Moment.Parse };
        var limit = Values.Number("--limit", "At most so many rows, the newest.", "N", DefaultLimit, 1, 1_000_000);
        var isJson = Listing.JsonOption();
        var command = new Command("list", "Lists the newest rows of the journal, the oldest of them first.\n\nExamples:\n  avouch journal list --user alice --since 7d\n  avouch journal list --kind session.ended --limit 10 --json") { filter.User, filter.Kind, since, limit, isJson };
        command.SetAction((parsed, _) => runner(parsed, context => filter.With(context, parsed, async chosen =>
        {
            var from = parsed.GetValue(since)?.Before(context.Get<TimeProvider>().GetUtcNow());
            var rows = await context.Get<Database>().Read(statements => SecurityJournal.ListNewest(statements, chosen with { Since = from }, parsed.GetValue(limit)));
            return await Begin(context.Output, parsed.GetValue(isJson)).All(await ToLines(rows, new UserNames(context.Get<UserAccounts>())));
        })));
        return command;
    }

    private static Command FollowCommand(CommandRunner runner)
    {
        var filter = new FilterOptions();
        var isJson = Listing.JsonOption();
        var command = new Command("follow", "Prints each new row of the journal as it is written, until Ctrl+C. Needs a running server.\n\nExample:\n  avouch journal follow --kind sign_in") { filter.User, filter.Kind, isJson };
        command.SetAction((parsed, _) => runner(parsed, context => filter.With(context, parsed, chosen => Follow(context, chosen, parsed.GetValue(isJson)))));
        return command;
    }

    private static async Task<ExitCode> Follow(CommandContext context, JournalFilter filter, bool isJson)
    {
        if (!context.IsInServer) return await context.Refuse("No server runs on this data folder, so nothing new can come. This shows what has been: avouch journal list");
        var journal = context.Get<SecurityJournal>();
        var wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        Action<JournalEntry> ring = _ => wake.Writer.TryWrite(true);
        journal.Committed += ring;
        try
        {
            await Print(context, filter, Begin(context.Output, isJson), wake.Reader);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            // Ctrl+C is how following ends
        }
        finally
        {
            journal.Committed -= ring;
        }
        return ExitCode.Done;
    }

    /// <summary>A ring only says that there is something; what it is comes from the table, in its order.</summary>
    private static async Task Print(CommandContext context, JournalFilter filter, Listing<JournalLine> listing, ChannelReader<bool> wake)
    {
        var database = context.Get<Database>();
        var last = (await database.Read(SecurityJournal.FindLast))?.Seq ?? 0;
        await listing.Add([]);
        while (await wake.ReadAsync(context.Stop))
        {
            while (await database.Read(statements => SecurityJournal.List(statements, last, PageSize)) is { Count: > 0 } rows)
            {
                last = rows[^1].Seq;
                await listing.Add(await ToLines(rows.Where(filter.Lets), new UserNames(context.Get<UserAccounts>())));
            }
        }
    }

    private static async Task<List<JournalLine>> ToLines(IEnumerable<JournalEntry> rows, UserNames names)
    {
        var lines = new List<JournalLine>();
        foreach (var row in rows)
            lines.Add(new JournalLine(row.Seq, row.At, row.Kind, row.UserId, await names.Find(row.UserId), row.SessionId, row.ActorId, row.Address, row.Epoch, row.Detail));
        return lines;
    }

    /// <summary>Widths that fit what usually comes: a list that is followed has no first page to measure.</summary>
    private static Listing<JournalLine> Begin(TextWriter output, bool isJson) => new(output, isJson, CliJson.Default.JournalLine,
        new("SEQ", row => row.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture)) { MinWidth = 6 },
        new("AT (UTC)", row => row.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)) { MinWidth = 19 },
        new("KIND", row => row.Kind) { MinWidth = 21 },
        new("USER", row => row.User) { MinWidth = 20 },
        new("ADDRESS", row => row.Address) { MinWidth = 15 },
        new("DETAIL", row => row.Detail));

    /// <summary>The options that choose rows, for both commands.</summary>
    private sealed class FilterOptions
    {
        public Option<string> User { get; } = new("--user") { Description = "Only rows about this user: a user name, an e-mail address or an id.", HelpName = "USER" };

        public Option<string> Kind { get; } = KindOption();

        /// <summary>An id that nobody has may be that of a deleted account, whose rows stay.</summary>
        public async Task<ExitCode> With(CommandContext context, System.CommandLine.ParseResult parsed, Func<JournalFilter, Task<ExitCode>> action)
        {
            var filter = new JournalFilter(null, parsed.GetValue(Kind), null);
            if (parsed.GetValue(User) is not { } name) return await action(filter);
            if (Guid.TryParse(name, out var id)) return await action(filter with { UserId = id });
            return await NamedUser.With(context, name, user => action(filter with { UserId = user.Id }));
        }

        private static Option<string> KindOption()
        {
            var option = new Option<string>("--kind") { Description = "Only rows of this kind (session.ended) or family (session).", HelpName = "KIND" };
            option.CompletionSources.Add(Kinds);
            option.Validators.Add(result =>
            {
                var kind = result.GetValueOrDefault<string>();
                if (!Array.Exists(Kinds, known => known == kind || known.StartsWith(kind + ".", StringComparison.Ordinal)))
                    result.AddError($"There is no kind \"{kind}\". The kinds are: {string.Join(", ", Kinds)}.");
            });
            return option;
        }
    }
}
