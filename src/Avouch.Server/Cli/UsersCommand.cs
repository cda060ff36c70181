using System.CommandLine;
using System.Text.Json;
using Avouch.Server.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users</c>: accounts from the shell, among them the first administrator.</summary>
internal static class UsersCommand
{
    private const int PageSize = 500;

    public static Command Build(CommandRunner runner) => new("users", "Adds and lists accounts.\n\nExample:\n  avouch users list") { AddCommand(runner), ListCommand(runner) };

    private static Command AddCommand(CommandRunner runner)
    {
        var email = new Argument<string>("EMAIL") { Description = "The e-mail address." };
        var username = new Option<string>("--username") { Description = "A user name to sign in with.", HelpName = "NAME" };
        var fullName = new Option<string>("--full-name") { Description = "The person's name.", HelpName = "NAME" };
        var isAdmin = new Option<bool>("--admin") { Description = "Makes the account an administrator." };
        var command = new Command("add", "Adds an account. Asks for its password, or reads it from standard input.\n\nExamples:\n  avouch users add root@example.com --admin\n  pass show avouch/root | avouch users add root@example.com --admin")
        {
            email, username, fullName, isAdmin,
        };
        command.SetAction((parsed, _) => runner(parsed, context => Add(context, new NewUser(
            parsed.GetValue(username), parsed.GetValue(email)!.Trim(), parsed.GetValue(fullName),
            parsed.GetValue(isAdmin) ? Role.Admin : Role.User, PasswordHash: "", IsVerified: true))));
        return command;
    }

    private static Command ListCommand(CommandRunner runner)
    {
        var isJson = new Option<bool>("--json") { Description = "One JSON object a line, for programs." };
        var command = new Command("list", "Lists all accounts.\n\nExample:\n  avouch users list --json | jq -r .email") { isJson };
        command.SetAction((parsed, _) => runner(parsed, context => List(context, parsed.GetValue(isJson))));
        return command;
    }

    private static async Task<int> Add(CommandContext context, NewUser account)
    {
        if (FindFault(account) is { } fault) return await Refuse(context, fault);
        if (await context.AskSecret($"Password for {account.Email}") is not { Length: > 0 } password) return await Refuse(context, "No password was given.");
        if (PasswordPolicy.Check(password, account.Username, account.Email, account.FullName) is { } weak) return await Refuse(context, weak);
        var hashed = await context.Get<PasswordHasher>().Hash(password, "command line", CancellationToken.None);
        if (hashed.Hash is null) return await Refuse(context, "The server is busy with sign-ins; try again in a moment.");
        var added = await context.Get<UserAccounts>().Add(account with { PasswordHash = hashed.Hash }, address: null);
        if (added.Taken == Taken.Email) return await Refuse(context, "An account with this e-mail address exists already.");
        if (added.Taken == Taken.Username) return await Refuse(context, "This user name is taken.");
        await context.Output.WriteLineAsync($"Added {added.User!.Email} as {added.User.Role}, id {added.User.Id}.");
        return ExitCode.Done;
    }

    private static string? FindFault(NewUser account) =>
        AccountRules.CheckEmail(account.Email)
        ?? (account.Username is { } name ? AccountRules.CheckUsername(name) : null)
        ?? (account.FullName is { } fullName ? AccountRules.CheckFullName(fullName) : null);

    private static async Task<int> List(CommandContext context, bool isJson)
    {
        var users = context.Get<UserAccounts>();
        if (!isJson) await context.Output.WriteLineAsync(Line("ID", "USER NAME", "E-MAIL", "ROLE", "ACTIVE", "CREATED"));
        var after = Guid.Empty;
        while (await users.List(after, PageSize) is { Count: > 0 } page)
        {
            foreach (var user in page) await context.Output.WriteLineAsync(isJson ? Json(user) : Line(user));
            after = page[^1].Id;
        }
        return ExitCode.Done;
    }

    private static string Json(User user) => JsonSerializer.Serialize(UserJson.Of(user), UserJsonContext.Default.UserJson);

    private static string Line(User user) => Line(
        user.Id.ToString(), user.Username ?? "-", user.Email, user.Role, user.IsActive ? "yes" : "no", $"{user.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm}");

    private static string Line(string id, string username, string email, string role, string active, string created) =>
        $"{id,-36}  {username,-20}  {email,-32}  {role,-8}  {active,-6}  {created}";

    private static async Task<int> Refuse(CommandContext context, string reason)
    {
        await context.Error.WriteLineAsync(reason);
        return ExitCode.Failed;
    }
}
