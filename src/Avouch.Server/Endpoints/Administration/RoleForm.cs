using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/new-role</c>, <c>/admin/roles/{name}/edit</c> and <c>/delete</c>. Those that are built in stay as they are.</summary>
internal sealed class RoleForm(Guard guard, RoleCatalogue roles, RoleActs acts)
{
    /// <summary>Each permission of this server has a box of its own.</summary>
    public const string Prefix = "permission_";

    public static Task<IResult> ShowNew(PageRequest page) => page.Show<RoleEditPage>(new RoleFormModel(null, null, null, new HashSet<string>(), ""));

    public async Task<IResult> Add(PageRequest page)
    {
        var typed = Read(page, null);
        var errors = Validate(typed);
        if (StoredRole.CheckName(typed.Name) is { } name) errors["name"] = [name];
        var (role, refusal) = errors.Count > 0 ? (null, Problems.Invalid(errors)) : await acts.Add(page.Token, typed.Name!, ToPatch(typed));
        if (role is null) return await page.Show<RoleEditPage>(typed, refusal);
        return page.Go(page.May(Permission.RolesRead) ? $"/admin/roles/{role.Name}" : "/admin/new-role", "role-added");
    }

    public async Task<IResult> Show(PageRequest page)
    {
        var (role, refusal) = Find(page);
        if (role is null) return await page.Show<RefusalPage>(refusal: refusal);
        var others = role.Permissions.Where(permission => !Permission.IsAdministrative(permission));
        return await page.Show<RoleEditPage>(new RoleFormModel(role, role.Name, role.Description, role.Permissions.ToHashSet(), string.Join('\n', others)));
    }

    public async Task<IResult> Send(PageRequest page)
    {
        var (role, refusal) = Find(page);
        if (role is null) return await page.Show<RefusalPage>(refusal: refusal);
        var typed = Read(page, role);
        var errors = Validate(typed);
        if (errors.Count > 0) return await page.Show<RoleEditPage>(typed, Problems.Invalid(errors));
        var (_, refused) = await acts.Update(page.Token, role.Name, ToPatch(typed));
        return refused is null ? page.Go($"/admin/roles/{role.Name}", "saved") : await page.Show<RoleEditPage>(typed, refused);
    }

    public Task<IResult> AskDelete(PageRequest page) => AskDelete(page, null);

    public async Task<IResult> Delete(PageRequest page)
    {
        var (role, refusal) = Find(page);
        if (role is null) return await page.Show<RefusalPage>(refusal: refusal);
        return await acts.Delete(page.Token, role.Name) is { } refused ? await AskDelete(page, refused) : page.Go("/admin/roles", "role-deleted");
    }

    private async Task<IResult> AskDelete(PageRequest page, Problem? refused)
    {
        var (role, refusal) = Find(page);
        if (role is null) return await page.Show<RefusalPage>(refusal: refusal);
        return await page.Show<RoleDeletePage>(new RoleModel(role, await roles.CountHolders(role.Name), MayChange: true), refused);
    }

    /// <summary>The role of the path, if the visitor may change it.</summary>
    private (StoredRole? Role, Problem? Refusal) Find(PageRequest page)
    {
        if (!page.May(Permission.RolesRead)) return (null, Problems.MissingPermission(Permission.RolesRead));
        if (roles.Current.Find(page.Http.Request.RouteValues["name"] as string ?? "") is not { } role) return (null, Problems.NotFound);
        if (role.IsBuiltIn) return (null, Problems.RoleBuiltIn);
        return RoleReach.Refuse(guard, page.Token, role.Permissions) is { } beyond ? (null, beyond) : (role, null);
    }

    private static RoleFormModel Read(PageRequest page, StoredRole? role)
    {
        var others = page.Field("others");
        var ticked = Permission.OfThisServer.Where(permission => page.Has(Prefix + permission));
        return new RoleFormModel(role, role?.Name ?? page.Given("name"), page.Given("description"), ticked.Concat(Lines(others)).ToHashSet(), others);
    }

    private static Dictionary<string, string[]> Validate(RoleFormModel typed)
    {
        var errors = new Dictionary<string, string[]>();
        if (typed.Description is { } text && StoredRole.CheckDescription(text) is { } description) errors["description"] = [description];
        if (StoredRole.CheckPermissions([.. typed.Permissions]) is { } others) errors["others"] = [others];
        return errors;
    }

    private static RolePatch ToPatch(RoleFormModel typed) => new([.. typed.Permissions], SetsDescription: true, typed.Description);

    private static string[] Lines(string text) => text.Split((char[])['\n', '\r', ' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
