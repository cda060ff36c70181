using Avouch.Protocol;
using Avouch.Server.Roles;

namespace Avouch.Server.Http;

/// <summary>Changes of roles, over the API and on pages alike: nobody makes or changes one that may do more than they do.</summary>
internal sealed class RoleActs(Guard guard, RoleCatalogue roles)
{
    public async Task<(StoredRole? Role, Problem? Refusal)> Add(AccessToken token, string name, RolePatch role)
    {
        if (RoleReach.Refuse(guard, token, role.Permissions ?? []) is { } beyond) return (null, beyond);
        return Describe(await roles.Add(name, role, Guard.Bare(token) with { May = snapshot => RoleReach.Refuse(guard, token, role.Permissions ?? [], snapshot) is null }));
    }

    public async Task<(StoredRole? Role, Problem? Refusal)> Update(AccessToken token, string name, RolePatch patch)
    {
        if (roles.Current.Find(name) is not { } role) return (null, Problems.NotFound);
        if (RoleReach.Refuse(guard, token, [.. role.Permissions, .. patch.Permissions ?? []]) is { } beyond) return (null, beyond);
        return Describe(await roles.Update(name, patch, Guard.Bare(token) with { May = Reaches }));

        bool Reaches(RoleSnapshot snapshot) => RoleReach.Refuse(guard, token, [.. snapshot.Find(name)!.Permissions, .. patch.Permissions ?? []], snapshot) is null;
    }

    /// <summary>Deletes a role that nobody has.</summary>
    public async Task<Problem?> Delete(AccessToken token, string name)
    {
        if (roles.Current.Find(name) is not { } role) return Problems.NotFound;
        if (RoleReach.Refuse(guard, token, role.Permissions) is { } beyond) return beyond;
        return Describe(await roles.Delete(name, Guard.Bare(token) with { May = Reaches })).Refusal;

        bool Reaches(RoleSnapshot snapshot) => RoleReach.Refuse(guard, token, snapshot.Find(name)!.Permissions, snapshot) is null;
    }

    private static (StoredRole? Role, Problem? Refusal) Describe(RoleOutcome outcome) => (outcome.Role, outcome.Change switch
    {
        RoleChange.Done => null,
        RoleChange.NameTaken => Problems.RoleExists,
        RoleChange.Outranked => Problems.Outranked,
        RoleChange.TooMany => Problems.TooManyRoles,
        RoleChange.BuiltIn => Problems.RoleBuiltIn,
        RoleChange.InUse => Problems.RoleInUse(outcome.Holders),
        _ => Problems.NotFound,
    });
}
