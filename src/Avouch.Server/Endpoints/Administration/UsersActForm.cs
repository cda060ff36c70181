using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/users/…</c>: the same for all that are ticked in the list. Each has a transaction and a result of its own.</summary>
internal sealed class UsersActForm(Guard guard, UserAccounts users, UserActForm one)
{
    private const int Max = 100;

    public async Task<IResult> Show(PageRequest page, UserAct act) =>
        await Ask(page, act, [.. page.Http.Request.Query["u"].OfType<string>()]);

    public async Task<IResult> Send(PageRequest page, UserAct act)
    {
        var (people, refusal) = await Find(page, page.Field("users").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (refusal is not null) return await page.Show<RefusalPage>(refusal: refusal);
        var results = new List<UserActResult>(people.Count);
        foreach (var user in people) results.Add(new UserActResult(user, SomebodyElse.Refuse(page, guard, user) ?? await one.Run(page, act, user.Id)));
        return await page.Show<UsersActPage>(Model(page, act, results, isDone: true));
    }

    private async Task<IResult> Ask(PageRequest page, UserAct act, IReadOnlyList<string> ids)
    {
        var (people, refusal) = await Find(page, ids);
        if (refusal is not null) return await page.Show<RefusalPage>(refusal: refusal);
        return await page.Show<UsersActPage>(Model(page, act, [.. people.Select(user => new UserActResult(user, SomebodyElse.Refuse(page, guard, user)))], isDone: false));
    }

    private async Task<(List<User> People, Problem? Refusal)> Find(PageRequest page, IReadOnlyList<string> given)
    {
        if (!page.May(Permission.UsersRead)) return ([], Problems.MissingPermission(Permission.UsersRead));
        if (given.Count > Max) return ([], Problems.TooManyAtOnce);
        var ids = given.Select(static text => Guid.TryParseExact(text, "D", out var id) ? id : Guid.Empty).Distinct().ToList();
        return (await users.FindAll(ids), null);
    }

    private static UsersActModel Model(PageRequest page, UserAct act, IReadOnlyList<UserActResult> people, bool isDone) =>
        new(act, people, isDone, page.Http.Request.Path, UserFilter.Back(page));
}
