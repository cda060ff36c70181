using System.CommandLine;
using System.Globalization;
using Avouch.Server.Mail;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary>A letter of the outbox as the shell shows one; never what it says.</summary>
internal sealed record MailLine(
    Guid Id, string State, string Template, string? To, Guid? UserId, DateTimeOffset CreatedAt, DateTimeOffset? DueAt, long Attempts, DateTimeOffset? SentAt, DateTimeOffset? DeadAt, string? Fault);

/// <summary><c>avouch mail</c>: what waits, what was given up, whether sending works, and the templates.</summary>
internal static class MailCommand
{
    private const int PageSize = 500;

    public static Command Build(CommandRunner runner) => new("mail", "Shows mail that waits or was given up, sends it once more, tries the mail server, and prints templates.\n\nExample:\n  avouch mail list")
    {
        ListCommand(runner), RetryCommand(runner), SendTestCommand(runner), MailTemplateCommand.Build(),
    };

    private static Command ListCommand(CommandRunner runner)
    {
        var state = new Option<string?>("--state") { Description = "Only pending, dead or sent ones; pending and dead if left out.", HelpName = "STATE" };
        state.AcceptOnlyFromAmong("pending", "dead", "sent");
        var isJson = Listing.JsonOption();
        var command = new Command("list", "Lists mail that waits (pending) and that was given up (dead), with what went wrong the last time. What was sent is kept for a month, without its content.\n\nExamples:\n  avouch mail list\n  avouch mail list --state dead --json") { state, isJson };
        command.SetAction((parsed, _) => runner(parsed, context => List(context, parsed.GetValue(isJson), States(parsed.GetValue(state)))));
        return command;
    }

    private static LetterState[] States(string? word) => word is null ? [LetterState.Pending, LetterState.Dead] : [Enum.Parse<LetterState>(word, ignoreCase: true)];

    private static Command RetryCommand(CommandRunner runner)
    {
        var id = Values.IdOrNothing("ID", "The id of one mail that was given up, as mail list shows it.");
        var isAll = new Option<bool>("--all") { Description = "All that were given up." };
        var command = new Command("retry", "Sends mail once more that was given up. What made it fail should be mended first.\n\nExamples:\n  avouch mail retry 01a2b3c4-0000-7000-8000-000000000000\n  avouch mail retry --all") { id, isAll };
        command.Validators.Add(result =>
        {
            if (result.GetResult(id) is { Tokens.Count: > 0 } == result.GetValue(isAll)) result.AddError("Give either the ID of a mail or --all.");
        });
        command.SetAction((parsed, _) => runner(parsed, context => parsed.GetValue(id) is { } one ? Retry(context, one) : RetryAll(context)));
        return command;
    }

    private static Command SendTestCommand(CommandRunner runner)
    {
        var to = new Argument<string>("EMAIL") { Description = "The address to send it to." };
        var language = new Option<string?>("--language") { Description = "The language of the mail, such as de.", HelpName = "TAG" };
        var command = new Command("send-test", "Sends a test mail at once, past the outbox, and says what the mail server answered.\n\nExample:\n  avouch mail send-test you@example.com") { to, language };
        command.SetAction((parsed, _) => runner(parsed, context => SendTest(context, parsed.GetValue(to)!, parsed.GetValue(language))));
        return command;
    }

    private static async Task<ExitCode> List(CommandContext context, bool isJson, LetterState[] states)
    {
        var listing = new Listing<MailLine>(context.Output, isJson, CliJson.Default.MailLine,
            new("ID", mail => mail.Id.ToString()),
            new("STATE", mail => mail.State),
            new("MAIL", mail => mail.Template) { MinWidth = 17 },
            new("TO", mail => mail.To) { MinWidth = 20 },
            new("WRITTEN", mail => Listing.Time(mail.CreatedAt)),
            new("TRIES", mail => mail.Attempts.ToString(CultureInfo.InvariantCulture)),
            new("NEXT", mail => Listing.Time(mail.DueAt)) { MinWidth = 16 },
            new("FAULT", mail => mail.Fault));
        foreach (var state in states) await ListOne(context, listing, state);
        return ExitCode.Done;
    }

    private static async Task ListOne(CommandContext context, Listing<MailLine> listing, LetterState state)
    {
        List<OutboxLetter> page = [];
        do
        {
            page = await context.Get<Outbox>().List(state, page.Count == 0 ? Guid.Empty : page[^1].Id, PageSize);
            await listing.Add(page.ConvertAll(ToLine));
        }
        while (page.Count == PageSize);
    }

    private static MailLine ToLine(OutboxLetter mail) => new(
        mail.Id, mail.State.ToString().ToLowerInvariant(), mail.Template, mail.To, mail.UserId, mail.CreatedAt, mail.State == LetterState.Pending ? mail.DueAt : null, mail.Attempts, mail.SentAt, mail.DeadAt, mail.Fault);

    private static async Task<ExitCode> Retry(CommandContext context, Guid id)
    {
        if (!await context.Get<Outbox>().Retry(id)) return await context.Refuse($"No mail {id} was given up. This shows those that were: avouch mail list --state dead");
        await context.Output.WriteLineAsync($"It is sent again{When(context)}.");
        return ExitCode.Done;
    }

    private static async Task<ExitCode> RetryAll(CommandContext context)
    {
        var retried = await context.Get<Outbox>().RetryAll(actor: null, context.Stop);
        await context.Output.WriteLineAsync($"Mails that are sent again{When(context)}: {retried}.");
        return ExitCode.Done;
    }

    private static string When(CommandContext context) => context.IsInServer ? "" : " when a server runs on this folder";

    private static async Task<ExitCode> SendTest(CommandContext context, string to, string? language)
    {
        if (AccountRules.CheckEmail(to) is { } fault) return await context.Refuse(fault);
        var (carrier, now) = (context.Get<ICarrier>(), context.Get<TimeProvider>().GetUtcNow());
        var (mail, unusable) = context.Get<Composer>().Compose(Guid.CreateVersion7(now), now, new Letter(MailTemplate.Test, null, to.Trim(), language, new Dictionary<string, string>()));
        if (mail is null) return await context.Refuse(unusable!);
        var outcome = await carrier.Carry(mail, context.Stop);
        if (outcome.Verdict == Verdict.Written)
        {
            await context.Output.WriteLineAsync($"It was sent to nobody, since AVOUCH_SMTP_HOST is not set: it is the file {outcome.Words}");
            return ExitCode.Done;
        }
        if (outcome.Verdict != Verdict.Accepted) return await context.Refuse($"{carrier.Destination} did not take it. {outcome.Words}");
        await context.Output.WriteLineAsync($"{carrier.Destination} has taken it: {outcome.Words}");
        return ExitCode.Done;
    }
}
