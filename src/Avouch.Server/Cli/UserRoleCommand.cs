using System.CommandLine;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users set-role</c>: what somebody may do.</summary>
internal static class UserRoleCommand
{
    public static Command Build(CommandRunner runner)
    {
        var name = NamedUser.Argument();
        var role = new Argument<string>("ROLE") { Description = "admin, user or guest." }.AcceptOnlyFromAmong(Role.All);
        var evenLast = Questions.LastAdminOption();
        var command = new Command("set-role", "Gives a user another role. Nobody signs in again: the next refresh brings a token with the new role.\n\nExample:\n  avouch users set-role alice admin") { name, role, evenLast };
        command.SetAction((parsed, _) => runner(parsed, context => NamedUser.With(context, parsed.GetValue(name)!, user =>
            SetRole(context, user, parsed.GetValue(role)!, parsed.GetValue(evenLast)))));
        return command;
    }

    private static async Task<ExitCode> SetRole(CommandContext context, User user, string role, bool evenLast)
    {
        var title = NamedUser.Title(user);
        if (user.Role != role && await context.Get<UserChanges>().SetRole(user.Id, role, keepsAnAdmin: !evenLast) == UserChange.LastAdmin)
            return await context.Refuse(Questions.LastAdminRefusal(title));
        await context.Output.WriteLineAsync(user.Role == role ? $"{title} has the role {role} already. Nothing was done." : $"{title} has the role {role} now.");
        return ExitCode.Done;
    }
}
