using System.Collections.Frozen;

namespace Avouch.Server.Roles;

/// <summary>
/// All roles at one moment. It never changes: an edit makes a new one, which takes its place whole. So editing a role that a million people have is
/// one row, and a check of a permission needs no database.
/// </summary>
internal sealed class RoleSnapshot(IReadOnlyList<StoredRole> roles)
{
    public static readonly RoleSnapshot Empty = new([]);

    private readonly FrozenDictionary<string, FrozenSet<string>> permissions = roles.ToFrozenDictionary(role => role.Name, role => role.Permissions.ToFrozenSet());

    public IReadOnlyList<StoredRole> Roles { get; } = roles;

    public bool Has(string role) => permissions.ContainsKey(role);

    /// <summary>Whether one of these roles permits it. A name that no role has permits nothing.</summary>
    public bool Permits(IReadOnlyList<string> roles, string permission)
    {
        for (var i = 0; i < roles.Count; i++)
            if (permissions.TryGetValue(roles[i], out var known) && (known.Contains(permission) || known.Contains(Permission.All))) return true;
        return false;
    }

    /// <summary>Whether these roles open anything of the admin API.</summary>
    public bool IsAdministrative(IReadOnlyList<string> roles) => PermissionsOf(roles).Any(Permission.IsAdministrative);

    /// <summary>
    /// Something that the other roles permit and these do not; nothing where these may do all that. Nobody may give, or gain control over somebody
    /// who has, more than they have themselves.
    /// </summary>
    public string? FindBeyond(IReadOnlyList<string> roles, IReadOnlyList<string> others) => FindMissing(roles, PermissionsOf(others));

    /// <summary>The first of these permissions that the roles do not have.</summary>
    public string? FindMissing(IReadOnlyList<string> roles, IEnumerable<string> wanted) => wanted.FirstOrDefault(permission => !Permits(roles, permission));

    private IEnumerable<string> PermissionsOf(IReadOnlyList<string> roles) =>
        roles.SelectMany(role => permissions.TryGetValue(role, out var known) ? known : FrozenSet<string>.Empty);
}
