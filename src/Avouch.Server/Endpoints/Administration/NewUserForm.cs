using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/users/new</c>: an account for somebody, with a password or with a mailed link to set one.</summary>
internal sealed class NewUserForm(Guard guard, UserAdding adding, RoleCatalogue roles)
{
    public Task<IResult> Show(PageRequest page) => page.Show<UserAddPage>(new NewUserModel(null, null, null, null, Choices(page, [Role.User])));

    public async Task<IResult> Send(PageRequest page)
    {
        var wanted = page.May(Permission.RolesWrite) ? RoleBoxes.Read(page, roles.Current, []) : [Role.User];
        var given = new NewAccount(page.Given("username"), page.Given("email"), page.Given("full_name"), page.Given("locale"), page.Field("password") is { Length: > 0 } password ? password : null, wanted);
        var errors = given.Validate();
        var (user, refusal) = errors.Count > 0 ? (null, Problems.Invalid(errors)) : await adding.Add(page.Token, given, page.Caller, CancellationToken.None);
        if (user is null) return await page.Show<UserAddPage>(new NewUserModel(given.Username, given.FullName, given.Email, given.Locale, Choices(page, wanted)), refusal, SomebodyElse.Say(refusal));
        return page.Go(page.May(Permission.UsersRead) ? $"/admin/users/{user.Id}" : "/admin/users/new", given.Password is null ? "user-invited" : "user-added");
    }

    /// <summary>Whoever may not give roles adds people with the usual one.</summary>
    private IReadOnlyList<RoleChoice> Choices(PageRequest page, IReadOnlyList<string> ticked) =>
        page.May(Permission.RolesWrite) ? RoleBoxes.Of(page, guard, roles.Current, ticked) : [];
}
