using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/users/{id}/…</c>: something that is done to one account, after a page has said what that means.</summary>
internal sealed class UserActForm(Guard guard, UserAccounts users, UserSessions sessions, UserActs acts)
{
    public async Task<IResult> Show(PageRequest page, UserAct act) => await Show(page, act, null);

    public async Task<IResult> Send(PageRequest page, UserAct act)
    {
        var (user, refusal) = await SomebodyElse.Find(page, guard, users);
        if (user is null) return await page.Show<RefusalPage>(refusal: refusal);
        if (await Run(page, act, user.Id) is { } refused) return await Show(page, act, refused);
        var back = UserFilter.Back(page);
        return page.Go(act == UserAct.Delete ? back : UserFilter.WithBack($"/admin/users/{user.Id}", back), NoticeOf(act));
    }

    /// <summary>Does it to one of them; also for <see cref="UsersActForm"/>.</summary>
    public async Task<Problem?> Run(PageRequest page, UserAct act, Guid id) => act switch
    {
        UserAct.Disable => await acts.Disable(page.Token, id),
        UserAct.Enable => await acts.Enable(page.Token, id),
        UserAct.Unlock => await acts.Unlock(page.Token, id),
        UserAct.EndSession => SessionOf(page) is { } session ? await acts.EndSession(page.Token, id, session) : Problems.NotFound,
        UserAct.EndSessions => (await acts.EndSessions(page.Token, id)).Refusal,
        UserAct.SendReset => await acts.SendReset(page.Token, id, page.Caller),
        UserAct.Delete => await acts.Delete(page.Token, id),
        _ => throw new ArgumentOutOfRangeException(nameof(act)),
    };

    private async Task<IResult> Show(PageRequest page, UserAct act, Problem? refused)
    {
        var (user, refusal) = await SomebodyElse.Find(page, guard, users);
        if (user is null) return await page.Show<RefusalPage>(refusal: refusal);
        var session = act == UserAct.EndSession ? (await sessions.List(user.Id)).Find(session => session.Id == SessionOf(page)) : null;
        if (act == UserAct.EndSession && session is null) return await page.Show<RefusalPage>(refusal: refused ?? Problems.NotFound);
        return await page.Show<UserActPage>(new UserActModel(act, user, page.Http.Request.Path, session is null ? null : $"{AgentWords.Of(session.Agent).In(page.Language)} · {session.Address ?? "–"}"), refused);
    }

    private static Guid? SessionOf(PageRequest page) => Guid.TryParseExact(page.Http.Request.RouteValues["session"] as string, "D", out var id) ? id : null;

    private static string NoticeOf(UserAct act) => act switch
    {
        UserAct.Disable => "user-disabled",
        UserAct.Enable => "user-enabled",
        UserAct.Unlock => "user-unlocked",
        UserAct.EndSession => "session-ended",
        UserAct.EndSessions => "sessions-ended",
        UserAct.SendReset => "reset-sent",
        _ => "user-deleted",
    };
}
