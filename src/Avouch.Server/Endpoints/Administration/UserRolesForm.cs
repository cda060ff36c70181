using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/users/{id}/roles</c>: which roles somebody else has.</summary>
internal sealed class UserRolesForm(Guard guard, UserAccounts users, UserEditing editing, RoleCatalogue roles)
{
    public async Task<IResult> Show(PageRequest page)
    {
        var (user, refusal) = await SomebodyElse.Find(page, guard, users);
        if (user is null) return await page.Show<RefusalPage>(refusal: refusal);
        return await page.Show<UserRolesPage>(new UserRolesModel(user, RoleBoxes.Of(page, guard, roles.Current, user.Roles)));
    }

    public async Task<IResult> Send(PageRequest page)
    {
        var (user, refusal) = await SomebodyElse.Find(page, guard, users);
        if (user is null) return await page.Show<RefusalPage>(refusal: refusal);
        var wanted = RoleBoxes.Read(page, roles.Current, user.Roles);
        if (await Refuse(page, user, wanted) is { } refused) return await page.Show<UserRolesPage>(new UserRolesModel(user, RoleBoxes.Of(page, guard, roles.Current, wanted)), refused);
        return page.Go(UserFilter.WithBack($"/admin/users/{user.Id}", UserFilter.Back(page)), "saved");
    }

    private async Task<Problem?> Refuse(PageRequest page, User user, IReadOnlyList<string> wanted)
    {
        if (RoleGrants.CheckList(wanted) is { } fault) return Problems.Invalid("roles", fault);
        return (await editing.Apply(page.Token, user.Id, new UserEdit(default, default, default) { Roles = wanted })).Refusal;
    }
}

/// <summary>The boxes of roles in a form: each has a field of its own, since a form names each field once.</summary>
internal static class RoleBoxes
{
    public const string Prefix = "role_";

    public static IReadOnlyList<RoleChoice> Of(PageRequest page, Guard guard, RoleSnapshot roles, IReadOnlyList<string> ticked) =>
        [.. roles.Roles.Select(role => new RoleChoice(role.Name, role.Description, ticked.Contains(role.Name), guard.RefuseBeyond(page.Token, [role.Name]) is not null))];

    /// <summary>Those that are ticked: first the ones before, in their order, so that nothing changes where nothing was changed.</summary>
    public static IReadOnlyList<string> Read(PageRequest page, RoleSnapshot roles, IReadOnlyList<string> before) =>
        [.. before.Concat(roles.Roles.Select(role => role.Name)).Distinct().Where(name => page.Has(Prefix + name))];
}
