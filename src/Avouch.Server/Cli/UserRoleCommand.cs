using System.CommandLine;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary><c>avouch users set-role</c>: what somebody may do.</summary>
internal static class UserRoleCommand
{
    public static Command Build(CommandRunner runner)
    {
        var name = NamedUser.Argument();
        var roles = new Argument<string[]>("ROLE") { Description = "All the roles that the user is to have; the first is the one that clients know that know one.", Arity = new ArgumentArity(1, UserRoles.Max) };
        roles.CompletionSources.Add(Role.All);
        var evenLast = Questions.LastAdminOption();
        var command = new Command("set-role",
            "Gives a user other roles in the place of those that there were. Nobody signs in again: the next refresh brings a token with the new ones.\n\nExamples:\n  avouch users set-role alice admin\n  avouch users set-role bob user support") { name, roles, evenLast };
        command.SetAction((parsed, _) => runner(parsed, context => NamedUser.With(context, parsed.GetValue(name)!, user =>
            SetRoles(context, user, UserRoles.Order(parsed.GetValue(roles)!), parsed.GetValue(evenLast)))));
        return command;
    }

    private static async Task<ExitCode> SetRoles(CommandContext context, User user, IReadOnlyList<string> roles, bool evenLast)
    {
        var title = NamedUser.Title(user);
        var words = (roles.Count == 1 ? "the role " : "the roles ") + string.Join(", ", roles);
        if (user.Roles.SequenceEqual(roles))
        {
            await context.Output.WriteLineAsync($"{title} has {words} already. Nothing was done.");
            return ExitCode.Done;
        }
        switch (await context.Get<UserChanges>().SetRoles(user.Id, roles, keepsAnAdmin: !evenLast))
        {
            case UserChange.LastAdmin: return await context.Refuse(Questions.LastAdminRefusal(title));
            case UserChange.NoSuchRole: return await context.Refuse(Questions.UnknownRole);
            case UserChange.NoSuchUser: return await context.Refuse("Somebody else deleted the account meanwhile.");
            default:
                await context.Output.WriteLineAsync($"{title} has {words} now.");
                return ExitCode.Done;
        }
    }
}
