using System.CommandLine;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users delete</c>: for good.</summary>
internal static class UserDeleteCommand
{
    public static Command Build(CommandRunner runner)
    {
        var name = NamedUser.Argument();
        var isYes = Questions.YesOption();
        var evenLast = Questions.LastAdminOption();
        var command = new Command("delete", "Deletes an account and its sessions for good. The journal keeps its rows, with the id and without the name; the id is never used again. To shut somebody out for a while: users disable.\n\nExample:\n  avouch users delete alice --yes") { name, isYes, evenLast };
        command.SetAction((parsed, _) => runner(parsed, context => NamedUser.With(context, parsed.GetValue(name)!, user =>
            Delete(context, user, parsed.GetValue(isYes), parsed.GetValue(evenLast)))));
        return command;
    }

    private static async Task<ExitCode> Delete(CommandContext context, User user, bool isYes, bool evenLast)
    {
        var title = NamedUser.Title(user);
        if (!await context.Confirm($"Delete {title} (id {user.Id}) for good?", isYes)) return ExitCode.Failed;
        switch (await context.Get<UserChanges>().Delete(user.Id, keepsAnAdmin: !evenLast))
        {
            case UserChange.LastAdmin: return await context.Refuse(Questions.LastAdminRefusal(title));
            case UserChange.NoSuchUser: return await context.Refuse("Somebody else deleted the account meanwhile.");
            default:
                await context.Output.WriteLineAsync($"{title} is deleted, and every session has ended.");
                return ExitCode.Done;
        }
    }
}
