using Avouch.Server.Data;

namespace Avouch.Server.Users;

/// <summary>
/// Which roles a user has. They stand twice: as one text in the user's row, for the one statement of a refresh, and in <c>user_roles</c>, to find
/// users by role. Both are written here, in one transaction.
/// </summary>
internal static class UserRoles
{
    /// <summary>All of them stand in every token.</summary>
    public const int Max = 16;

    /// <summary>Each once and <c>admin</c> first, so that a client that knows one role knows the one that matters; otherwise as they were given.</summary>
    public static IReadOnlyList<string> Order(IEnumerable<string> roles) => [.. roles.Distinct().OrderBy(role => role == Role.Admin ? 0 : 1)];

    public static IReadOnlyList<string> Split(string text) => text switch
    {
        Role.User => JustUser,
        _ => text.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };

    public static string Join(IReadOnlyList<string> roles) => string.Join(' ', roles);

    /// <summary>Replaces the roles of a user.</summary>
    /// <returns>Whether there is such a user.</returns>
    public static async ValueTask<bool> Set(Transaction transaction, Guid user, IReadOnlyList<string> roles)
    {
        var changed = await transaction.Execute("UPDATE users SET role = @first, roles = @roles WHERE id = @user", ("first", roles[0]), ("roles", Join(roles)), ("user", user));
        if (changed == 0) return false;
        await transaction.Execute("DELETE FROM user_roles WHERE user_id = @user", ("user", user));
        await AddRows(transaction, user, roles);
        return true;
    }

    /// <summary>For a user whose row has just been added with these roles in it.</summary>
    public static async ValueTask AddRows(Transaction transaction, Guid user, IReadOnlyList<string> roles)
    {
        foreach (var role in roles) await transaction.Execute("INSERT INTO user_roles (role, user_id) VALUES (@role, @user)", ("role", role), ("user", user));
    }

    private static readonly IReadOnlyList<string> JustUser = [Role.User];
}
