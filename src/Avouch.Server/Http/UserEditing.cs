using Avouch.Protocol;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>Who may change what of an account: of one's own, or of somebody else's who may do no more than oneself.</summary>
internal sealed class UserEditing(Guard guard, UserAccounts users, UserEdits edits)
{
    /// <summary>The account as it is now, or why nothing was changed.</summary>
    public async Task<(User? User, Problem? Refusal)> Apply(AccessToken token, Guid id, UserEdit edit)
    {
        if (await users.Find(id) is not { } user) return (null, Problems.NotFound);
        if (Refuse(token, user, edit) is { } refusal) return (null, refusal);
        var actor = Guard.Bare(token) with { Reaches = (snapshot, found) => Refuse(token, found, edit, snapshot) is null };
        var edited = await edits.Apply(id, edit, id == token.Subject ? null : actor);
        return (edited.User, ProfileRules.Refuse(edited));
    }

    /// <summary>Whoever chooses where mail goes can have the mail that sets a new password: it is as much as to help somebody back in.</summary>
    private static bool TakesOver(User user, UserEdit edit) => edit.Email is { } email && NameKey.Of(email) != NameKey.Of(user.Email);

    private Problem? Refuse(AccessToken token, User user, UserEdit edit, RoleSnapshot? snapshot = null)
    {
        if (user.Id != token.Subject && guard.RefuseBeyond(token, user.Roles, snapshot) is { } beyond) return beyond;
        if (edit.Roles is { } roles && RoleGrants.Refuse(guard, token, user.Roles, UserRoles.Order(roles), snapshot) is { } grant) return grant;
        if (TakesOver(user, edit) && !guard.Can(token, Permission.UsersRecover)) return Problems.MissingPermission(Permission.UsersRecover);
        return edit.OpensOrShutsDoors ? guard.RefuseLate(token) : null;
    }
}
