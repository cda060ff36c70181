using System.CommandLine;
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
        var isJson = Listing.JsonOption();
        var command = new Command("list", "Lists all accounts.\n\nExample:\n  avouch users list --json | jq -r .email") { isJson };
        command.SetAction((parsed, _) => runner(parsed, context => List(context, parsed.GetValue(isJson))));
        return command;
    }

    private static async Task<ExitCode> Add(CommandContext context, NewUser account)
    {
        if (FindFault(account) is { } fault) return await context.Refuse(fault);
        if (await context.AskSecret($"Password for {account.Email}") is not { Length: > 0 } password) return await context.Refuse("No password was given.");
        if (PasswordPolicy.Check(password, account.Username, account.Email, account.FullName) is { } weak) return await context.Refuse(weak);
        var hashed = await context.Get<PasswordHasher>().Hash(password, "command line", CancellationToken.None);
        if (hashed.Hash is null) return await context.Refuse("The server is busy with sign-ins; try again in a moment.");
        var added = await context.Get<UserAccounts>().Add(account with { PasswordHash = hashed.Hash }, address: null);
        if (added.Taken == Taken.Email) return await context.Refuse("An account with this e-mail address exists already.");
        if (added.Taken == Taken.Username) return await context.Refuse("This user name is taken.");
        await context.Output.WriteLineAsync($"Added {added.User!.Email} as {added.User.Role}, id {added.User.Id}.");
        return ExitCode.Done;
    }

    private static string? FindFault(NewUser account) =>
        AccountRules.CheckEmail(account.Email)
        ?? (account.Username is { } name ? AccountRules.CheckUsername(name) : null)
        ?? (account.FullName is { } fullName ? AccountRules.CheckFullName(fullName) : null);

    private static async Task<ExitCode> List(CommandContext context, bool isJson)
    {
        var listing = UserListing.Begin(context.Output, isJson);
        var page = await context.Get<UserAccounts>().List(Guid.Empty, PageSize);
        do
        {
            await listing.Add([.. page.Select(UserJson.Of)]);
        }
        while (page.Count == PageSize && (page = await context.Get<UserAccounts>().List(page[^1].Id, PageSize)).Count > 0);
        return ExitCode.Done;
    }
}
