using System.CommandLine;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users reset-password</c>: for somebody who cannot do it, or must not wait.</summary>
internal static class UserPasswordCommand
{
    public static Command Build(CommandRunner runner)
    {
        var name = NamedUser.Argument();
        var isGenerated = new Option<bool>("--generate") { Description = "Makes a password and prints it, this once." };
        var command = new Command("reset-password", "Gives a user a new password and ends all their sessions. Asks for it, or reads it from standard input.\n\nExamples:\n  avouch users reset-password alice\n  avouch users reset-password alice --generate") { name, isGenerated };
        command.SetAction((parsed, _) => runner(parsed, context => NamedUser.With(context, parsed.GetValue(name)!, user => Reset(context, user, parsed.GetValue(isGenerated)))));
        return command;
    }

    private static async Task<ExitCode> Reset(CommandContext context, User user, bool isGenerated)
    {
        var generated = isGenerated ? NewPassword.Generate() : null;
        var hash = generated is null
            ? await NewPassword.Ask(context, $"New password for {NamedUser.Title(user)}", user.Username, user.Email, user.FullName)
            : await NewPassword.Hash(context, generated);
        if (hash is null) return ExitCode.Failed;
        if (await context.Get<UserChanges>().SetPassword(user.Id, hash) == UserChange.NoSuchUser) return await context.Refuse("The account was deleted meanwhile.");
        if (generated is not null) await context.Output.WriteLineAsync(generated);
        await context.Error.WriteLineAsync($"{NamedUser.Title(user)} has a new password, and every session has ended.");
        return ExitCode.Done;
    }
}
