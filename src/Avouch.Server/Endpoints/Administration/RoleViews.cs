using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/roles</c> and <c>/admin/roles/{name}</c>: what each role permits, and how many people have it.</summary>
internal sealed class RoleViews(Guard guard, RoleCatalogue roles)
{
    public async Task<IResult> ShowAll(PageRequest page) => await page.Show<RolesPage>(new RolesModel(roles.Current.Roles, await roles.CountHolders()));

    public async Task<IResult> Show(PageRequest page)
    {
        if (roles.Current.Find(page.Http.Request.RouteValues["name"] as string ?? "") is not { } role) return await page.Show<RefusalPage>(refusal: Problems.NotFound);
        var mayChange = page.May(Permission.RolesWrite) && !role.IsBuiltIn && RoleReach.Refuse(guard, page.Token, role.Permissions) is null;
        return await page.Show<RolePage>(new RoleModel(role, await roles.CountHolders(role.Name), mayChange));
    }
}
