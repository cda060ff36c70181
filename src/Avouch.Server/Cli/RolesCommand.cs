using System.CommandLine;
using Avouch.Server.Roles;

namespace Avouch.Server.Cli;

/// <summary>A role as the shell shows one.</summary>
internal sealed record RoleLine(string Name, string? Description, bool IsBuiltIn, IReadOnlyList<string> Permissions);

/// <summary><c>avouch roles</c>: what the names in tokens permit.</summary>
internal static class RolesCommand
{
    public static Command Build(CommandRunner runner) => new("roles", "Shows, adds, changes and deletes roles, and what they permit.\n\nExample:\n  avouch roles list")
    {
        ListCommand(runner), AddCommand(runner), SetCommand(runner), DeleteCommand(runner),
    };

    private static Command ListCommand(CommandRunner runner)
    {
        var isJson = Listing.JsonOption();
        var command = new Command("list", "Lists all roles with their permissions. * is everything.\n\nExample:\n  avouch roles list --json | jq -r .name") { isJson };
        command.SetAction((parsed, _) => runner(parsed, async context =>
            await Begin(context.Output, parsed.GetValue(isJson)).All((await context.Get<RoleCatalogue>().List()).ConvertAll(ToLine))));
        return command;
    }

    private static Command AddCommand(CommandRunner runner)
    {
        var (name, permissions, description) = (NameArgument(), PermissionsArgument(), DescriptionOption());
        var command = new Command("add",
            $"Adds a role. Permissions of this server: {string.Join(", ", Permission.OfThisServer)}. Any other name is one of your own application.\n\nExamples:\n  avouch roles add support users:read users:recover --description \"First line\"\n  avouch roles add editor articles:write") { name, permissions, description };
        command.SetAction((parsed, _) => runner(parsed, context => Add(context, parsed.GetValue(name)!, new RolePatch(parsed.GetValue(permissions) ?? [], true, parsed.GetValue(description)))));
        return command;
    }

    private static Command SetCommand(CommandRunner runner)
    {
        var (name, permissions, description) = (NameArgument(), PermissionsArgument(), DescriptionOption());
        var command = new Command("set", "Gives a role these permissions in the place of those that there were; none where none are named. It counts for the next request of everybody who has the role.\n\nExample:\n  avouch roles set support users:read users:recover journal:read") { name, permissions, description };
        command.SetAction((parsed, _) => runner(parsed, context => Set(
            context, parsed.GetValue(name)!, new RolePatch(parsed.GetValue(permissions) ?? [], parsed.GetResult(description) is not null, parsed.GetValue(description)))));
        return command;
    }

    private static Command DeleteCommand(CommandRunner runner)
    {
        var name = NameArgument();
        var isYes = Questions.YesOption();
        var command = new Command("delete", "Deletes a role that nobody has.\n\nExample:\n  avouch roles delete support --yes") { name, isYes };
        command.SetAction((parsed, _) => runner(parsed, context => Delete(context, parsed.GetValue(name)!, parsed.GetValue(isYes))));
        return command;
    }

    private static async Task<ExitCode> Add(CommandContext context, string name, RolePatch role)
    {
        if (!StoredRole.IsName(name)) return await context.Refuse("The name of a role begins with a letter from a to z and goes on with letters, digits, - and _, 32 at most.");
        if (FindFault(role) is { } fault) return await context.Refuse(fault);
        return await Report(context, name, (await context.Get<RoleCatalogue>().Add(name, role)), "is added.");
    }

    private static async Task<ExitCode> Set(CommandContext context, string name, RolePatch patch)
    {
        if (FindFault(patch) is { } fault) return await context.Refuse(fault);
        return await Report(context, name, await context.Get<RoleCatalogue>().Update(name, patch), "is changed.");
    }

    private static async Task<ExitCode> Delete(CommandContext context, string name, bool isYes)
    {
        if (!await context.Confirm($"Delete the role {Listing.Clean(name)} for good?", isYes)) return ExitCode.Failed;
        return await Report(context, name, await context.Get<RoleCatalogue>().Delete(name), "is deleted.");
    }

    private static async Task<ExitCode> Report(CommandContext context, string name, RoleOutcome outcome, string done)
    {
        var title = Listing.Clean(name);
        switch (outcome.Change)
        {
            case RoleChange.NoSuchRole: return await context.Refuse($"There is no role \"{title}\". This shows them all: avouch roles list");
            case RoleChange.NameTaken: return await context.Refuse($"There is a role {title} already. This changes it: avouch roles set {title} PERMISSION…");
            case RoleChange.TooMany: return await context.Refuse($"There are {StoredRole.MaxRoles} roles already, and there can be no more.");
            case RoleChange.BuiltIn: return await context.Refuse($"{title} is built in: it stays, and nobody takes from admin what it may do.");
            case RoleChange.InUse: return await context.Refuse($"{outcome.Holders} {(outcome.Holders == 1 ? "user has" : "users have")} the role {title}. Give them another one first: avouch users set-role");
            default:
                await context.Output.WriteLineAsync($"The role {title} {done}");
                return ExitCode.Done;
        }
    }

    private static string? FindFault(RolePatch role)
    {
        if (role.Description?.Length > StoredRole.MaxDescription) return $"A description has at most {StoredRole.MaxDescription} characters.";
        if (role.Permissions!.Count > StoredRole.MaxPermissions) return $"A role has at most {StoredRole.MaxPermissions} permissions.";
        return role.Permissions.FirstOrDefault(permission => !Permission.IsName(permission)) is { } wrong ? $"\"{Listing.Clean(wrong)}\" is no name of a permission: 1 to {Permission.MaxLength} of a to z, 0 to 9 and _ . : -" : null;
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "The name of the role." };

    private static Argument<string[]> PermissionsArgument() => new("PERMISSION") { Description = "What it permits.", Arity = ArgumentArity.ZeroOrMore };

    private static Option<string> DescriptionOption() => new("--description") { Description = "What the role is for.", HelpName = "TEXT" };

    private static RoleLine ToLine(StoredRole role) => new(role.Name, role.Description, role.IsBuiltIn, role.Permissions);

    private static Listing<RoleLine> Begin(TextWriter output, bool isJson) => new(output, isJson, CliJson.Default.RoleLine,
        new("NAME", role => role.Name),
        new("PERMISSIONS", role => string.Join(' ', role.Permissions)),
        new("BUILT IN", role => Listing.YesNo(role.IsBuiltIn)),
        new("DESCRIPTION", role => role.Description));
}
