using System.CommandLine;
using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary>A user as somebody names one on the command line.</summary>
internal static class NamedUser
{
    public static Argument<string> Argument() => new("USER") { Description = "A user name, an e-mail address or an id." };

    /// <summary>Does something with the user of that name, or says that there is none.</summary>
    public static async Task<ExitCode> With(CommandContext context, string name, Func<User, Task<ExitCode>> action) =>
        await context.Get<UserAccounts>().FindNamed(name) is { } user
            ? await action(user)
            : await context.Refuse($"{(name.Length == 0 ? "The name of the user is empty" : $"There is no user \"{Listing.Clean(name)}\"")}. This shows them all: avouch users list");

    /// <summary>What people call them.</summary>
    public static string Title(User user) => Listing.Clean(user.Username ?? user.Email);
}

/// <summary>What the users of a list are called, each looked up once. Who has been deleted is shown by id.</summary>
internal sealed class UserNames(UserAccounts users)
{
    private readonly Dictionary<Guid, string> known = [];

    public async Task<string?> Find(Guid? id)
    {
        if (id is not { } some) return null;
        if (!known.TryGetValue(some, out var name)) known[some] = name = await users.Find(some) is { } user ? user.Username ?? user.Email : some.ToString();
        return name;
    }
}
