using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/users/{id}/edit</c>: names, address and language of somebody else.</summary>
internal sealed class EditUserForm(Guard guard, UserAccounts users, UserEditing editing)
{
    public async Task<IResult> Show(PageRequest page)
    {
        var (user, refusal) = await SomebodyElse.Find(page, guard, users);
        if (user is null) return await page.Show<RefusalPage>(refusal: refusal);
        return await page.Show<UserEditPage>(new EditUserModel(user, user.Username, user.FullName, user.Email, user.Locale));
    }

    public async Task<IResult> Send(PageRequest page)
    {
        var (user, refusal) = await SomebodyElse.Find(page, guard, users);
        if (user is null) return await page.Show<RefusalPage>(refusal: refusal);
        var typed = new EditUserModel(user, page.Given("username"), page.Given("full_name"), page.Given("email"), page.Given("locale"));
        var errors = Validate(typed);
        if (errors.Count > 0) return await page.Show<UserEditPage>(typed, Problems.Invalid(errors));
        var (_, refused) = await editing.Apply(page.Token, user.Id, ToEdit(typed));
        return refused is null ? page.Go(UserFilter.WithBack($"/admin/users/{user.Id}", UserFilter.Back(page)), "saved") : await page.Show<UserEditPage>(typed, refused, SomebodyElse.Say(refused));
    }

    private static Dictionary<string, string[]> Validate(EditUserModel typed)
    {
        var errors = new Dictionary<string, string[]>();
        if (typed.Username is { } name && AccountRules.CheckUsername(name) is { } username) errors["username"] = [username];
        if (typed.FullName is { } full && AccountRules.CheckFullName(full) is { } fullName) errors["full_name"] = [fullName];
        if (AccountRules.CheckEmail(typed.Email) is { } email) errors["email"] = [email];
        if (typed.Locale is { } tag && ProfileRules.CheckLocale(tag) is { } locale) errors["locale"] = [locale];
        return errors;
    }

    /// <summary>An address that stays as it is, is none that is given.</summary>
    private static UserEdit ToEdit(EditUserModel typed) => new(Given<string?>.Of(typed.Username), Given<string?>.Of(typed.FullName), Given<string?>.Of(typed.Locale))
    {
        Email = typed.Email == typed.User.Email ? null : typed.Email,
    };
}
