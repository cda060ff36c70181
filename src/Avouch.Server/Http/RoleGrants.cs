using Avouch.Protocol;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>Who may give which roles: with <c>roles:write</c>, fresh from a sign-in, and none that may do more than oneself.</summary>
internal static class RoleGrants
{
    public static string? CheckList(IReadOnlyList<string> roles) => roles.Count switch
    {
        0 => "At least one role is needed.",
        > UserRoles.Max => $"A user has at most {UserRoles.Max} roles.",
        _ => roles.Select(StoredRole.CheckName).FirstOrDefault(fault => fault is not null),
    };

    /// <param name="before">What the user has, or would get anyway.</param>
    public static Problem? Refuse(Guard guard, AccessToken token, IReadOnlyList<string> before, IReadOnlyList<string> after, RoleSnapshot? snapshot = null)
    {
        if (before.SequenceEqual(after)) return null;
        if (!guard.Can(token, Permission.RolesWrite)) return Problems.MissingPermission(Permission.RolesWrite);
        return guard.RefuseBeyond(token, after, snapshot) ?? guard.RefuseLate(token);
    }
}
