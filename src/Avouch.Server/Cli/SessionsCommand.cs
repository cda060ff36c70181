using System.CommandLine;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary>A session as the shell shows one.</summary>
internal sealed record SessionLine(
    Guid Id, Guid UserId, string? User, string ClientId, DateTimeOffset CreatedAt, DateTimeOffset RefreshedAt, DateTimeOffset IdleUntil, DateTimeOffset ExpiresAt, string? Address, string? Agent);

/// <summary><c>avouch sessions</c>: who is signed in where, and the end of that.</summary>
internal static class SessionsCommand
{
    private const int PageSize = 500;

    public static Command Build(CommandRunner runner) => new("sessions", "Shows and ends sessions.\n\nExample:\n  avouch sessions list alice") { ListCommand(runner), EndCommand(runner) };

    private static Command ListCommand(CommandRunner runner)
    {
        var name = new Argument<string?>("USER") { Description = "A user name, an e-mail address or an id; everybody if left out.", Arity = ArgumentArity.ZeroOrOne };
        var isJson = Listing.JsonOption();
        var command = new Command("list", "Lists the sessions that are alive.\n\nExamples:\n  avouch sessions list\n  avouch sessions list alice --json") { name, isJson };
        command.SetAction((parsed, _) => runner(parsed, context => parsed.GetValue(name) is { } given
            ? NamedUser.With(context, given, async user => await List(context, parsed.GetValue(isJson), [await context.Get<UserSessions>().List(user.Id)]))
            : List(context, parsed.GetValue(isJson), null)));
        return command;
    }

    private static Command EndCommand(CommandRunner runner)
    {
        var id = Values.IdOrNothing("ID", "The id of one session.");
        var name = new Option<string>("--user") { Description = "All sessions of this user instead.", HelpName = "USER" };
        var command = new Command("end", "Ends one session, or all of a user. Access tokens of it are refused at once.\n\nExamples:\n  avouch sessions end 01a2b3c4-0000-7000-8000-000000000000\n  avouch sessions end --user alice") { id, name };
        command.Validators.Add(result =>
        {
            if (result.GetResult(id) is { Tokens.Count: > 0 } == result.GetResult(name) is not null) result.AddError("Give either the ID of a session or --user USER.");
        });
        command.SetAction((parsed, _) => runner(parsed, context => parsed.GetValue(name) is { } user
            ? NamedUser.With(context, user, found => EndAll(context, found))
            : End(context, parsed.GetValue(id)!.Value)));
        return command;
    }

    private static async Task<ExitCode> List(CommandContext context, bool isJson, IReadOnlyList<List<Session>>? pages)
    {
        var listing = Begin(context.Output, isJson);
        var names = new UserNames(context.Get<UserAccounts>());
        if (pages is not null) return await listing.All(await ToLines(pages[0], names));
        var page = await context.Get<UserSessions>().ListAll(Guid.Empty, PageSize);
        await listing.Add(await ToLines(page, names));
        while (page.Count == PageSize)
        {
            page = await context.Get<UserSessions>().ListAll(page[^1].Id, PageSize);
            await listing.Add(await ToLines(page, names));
        }
        return ExitCode.Done;
    }

    private static async Task<List<SessionLine>> ToLines(List<Session> sessions, UserNames names)
    {
        var lines = new List<SessionLine>(sessions.Count);
        foreach (var session in sessions)
            lines.Add(new SessionLine(
                session.Id, session.UserId, await names.Find(session.UserId), session.ClientId, session.CreatedAt, session.RotatedAt,
                session.IdleUntil, session.ExpiresAt, session.Address, session.Agent));
        return lines;
    }

    private static Listing<SessionLine> Begin(TextWriter output, bool isJson) => new(output, isJson, CliJson.Default.SessionLine,
        new("ID", session => session.Id.ToString()),
        new("USER", session => session.User),
        new("SIGNED IN", session => Listing.Time(session.CreatedAt)),
        new("REFRESHED", session => Listing.Time(session.RefreshedAt)),
        new("ADDRESS", session => session.Address),
        new("AGENT", session => session.Agent));

    private static async Task<ExitCode> End(CommandContext context, Guid id)
    {
        if (!await context.Get<UserSessions>().End(id, owner: null, EndReason.EndedByAdmin, address: null))
            return await context.Refuse($"There is no session {id} that is alive. This shows those that are: avouch sessions list");
        await context.Output.WriteLineAsync("The session has ended.");
        return ExitCode.Done;
    }

    private static async Task<ExitCode> EndAll(CommandContext context, User user)
    {
        var ended = await context.Get<UserSessions>().EndAll(user.Id, EndReason.EndedByAdmin, address: null);
        await context.Output.WriteLineAsync($"Sessions of {NamedUser.Title(user)} that have ended now: {ended}.");
        return ExitCode.Done;
    }
}
