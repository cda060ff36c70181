using System.CommandLine;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users</c>: accounts from the shell, among them the first administrator. What changes one stands in files of its own.</summary>
internal static class UsersCommand
{
    private const int PageSize = 500;

    public static Command Build(CommandRunner runner) => new("users", "Adds, shows, changes and deletes accounts.\n\nExample:\n  avouch users list")
    {
        AddCommand(runner), ListCommand(runner), ShowCommand(runner),
        UserStatusCommand.BuildEnable(runner), UserStatusCommand.BuildDisable(runner), UserRoleCommand.Build(runner),
        UserPasswordCommand.Build(runner), UserDeleteCommand.Build(runner),
        UserImportCommand.Build(runner), UserExportCommand.Build(runner),
    };

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

    private static Command ShowCommand(CommandRunner runner)
    {
        var name = NamedUser.Argument();
        var isJson = Listing.JsonOption();
        var command = new Command("show", "Shows one account.\n\nExample:\n  avouch users show alice") { name, isJson };
        command.SetAction((parsed, _) => runner(parsed, context => NamedUser.With(context, parsed.GetValue(name)!, user =>
            UserListing.BeginOne(context.Output, parsed.GetValue(isJson)).Show(UserJson.Of(user)))));
        return command;
    }

    private static async Task<ExitCode> Add(CommandContext context, NewUser account)
    {
        if (FindFault(account) is { } fault) return await context.Refuse(fault);
        var hash = await NewPassword.Ask(context, $"Password for {account.Email}", account.Username, account.Email, account.FullName);
        if (hash is null) return ExitCode.Failed;
        var added = await context.Get<UserAccounts>().Add(account with { PasswordHash = hash }, address: null);
        if (added.Taken == Taken.Email) return await context.Refuse($"An account with this e-mail address exists already. This shows it: avouch users show {account.Email}");
        if (added.Taken == Taken.Username) return await context.Refuse($"This user name is taken. Choose another one; this shows whose it is: avouch users show {account.Username}");
        await context.Output.WriteLineAsync($"Added {added.User!.Email} as {string.Join(' ', added.User.Roles)}, id {added.User.Id}.");
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
