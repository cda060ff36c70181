using System.CommandLine;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users enable</c>, <c>disable</c> and <c>unlock</c>: whether somebody may sign in.</summary>
internal static class UserStatusCommand
{
    public static Command BuildEnable(CommandRunner runner)
    {
        var name = NamedUser.Argument();
        var command = new Command("enable", "Lets a disabled user sign in again. No old session comes back.\n\nExample:\n  avouch users enable alice") { name };
        command.SetAction((parsed, _) => runner(parsed, context => NamedUser.With(context, parsed.GetValue(name)!, user => Enable(context, user))));
        return command;
    }

    public static Command BuildDisable(CommandRunner runner)
    {
        var name = NamedUser.Argument();
        var evenLast = Questions.LastAdminOption();
        var command = new Command("disable", "Shuts a user out: all sessions end at once, and no sign-in succeeds.\n\nExample:\n  avouch users disable alice@example.com") { name, evenLast };
        command.SetAction((parsed, _) => runner(parsed, context => NamedUser.With(context, parsed.GetValue(name)!, user => Disable(context, user, parsed.GetValue(evenLast)))));
        return command;
    }

    public static Command BuildUnlock(CommandRunner runner)
    {
        var name = NamedUser.Argument();
        var command = new Command("unlock", "Ends the lock of an account after too many wrong passwords.\n\nExample:\n  avouch users unlock alice") { name };
        command.SetAction((parsed, _) => runner(parsed, context => NamedUser.With(context, parsed.GetValue(name)!, user => Unlock(context, user))));
        return command;
    }

    private static async Task<ExitCode> Unlock(CommandContext context, User user) => await Say(context,
        await context.Get<UserChanges>().Unlock(user.Id) == UserChange.Done
            ? $"{NamedUser.Title(user)} is unlocked and may sign in again."
            : $"{NamedUser.Title(user)} is not locked. Wrong passwords in a row are forgotten, and nothing else was done.");

    private static async Task<ExitCode> Enable(CommandContext context, User user)
    {
        if (user.IsActive) return await Say(context, $"{NamedUser.Title(user)} is enabled already. Nothing was done.");
        await context.Get<UserChanges>().Enable(user.Id);
        return await Say(context, $"{NamedUser.Title(user)} may sign in again.");
    }

    private static async Task<ExitCode> Disable(CommandContext context, User user, bool evenLast)
    {
        if (!user.IsActive) return await Say(context, $"{NamedUser.Title(user)} is disabled already. Nothing was done.");
        if (await context.Get<UserChanges>().Disable(user.Id, keepsAnAdmin: !evenLast) == UserChange.LastAdmin) return await context.Refuse(Questions.LastAdminRefusal(NamedUser.Title(user)));
        return await Say(context, $"{NamedUser.Title(user)} is disabled, and every session has ended.");
    }

    private static async Task<ExitCode> Say(CommandContext context, string sentence)
    {
        await context.Output.WriteLineAsync(sentence);
        return ExitCode.Done;
    }
}
