using Avouch.Protocol;
using Avouch.Server.Roles;

namespace Avouch.Server.Http;

/// <summary>
/// Whoever edits roles needs what they put in and what is in there: else somebody who may edit roles could do everything a minute later. Permissions
/// of an application mean nothing here, so they are free.
/// </summary>
internal static class RoleReach
{
    public static Problem? Refuse(Guard guard, AccessToken token, IReadOnlyList<string> permissions, RoleSnapshot? snapshot = null) =>
        guard.RefuseMissing(token, [.. permissions.Where(Permission.IsAdministrative)], snapshot);
}
