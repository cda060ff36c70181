using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Account;
using Avouch.Server.Places;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Account;

/// <summary><c>/account/devices</c>: where one is signed in, and the way to sign out there. Each button may be pressed twice.</summary>
internal sealed class DeviceList(UserSessions sessions, PlaceNames places)
{
    public async Task<IResult> Show(PageRequest page) => await page.Show<DevicesPage>(await List(page));

    /// <summary>Where a form was sent to, and somebody comes back after signing in: its page.</summary>
    public static Task<IResult> Return(PageRequest page) => Task.FromResult(page.Go("/account/devices"));

    /// <summary>Ends one of them. Somebody else's is not there; one that has ended already is done.</summary>
    public async Task<IResult> End(PageRequest page)
    {
        if (!Guid.TryParseExact(page.Field("session"), "D", out var id)) return await Refuse(page);
        var hasEnded = await sessions.End(id, page.User.Id, EndReason.EndedByUser, page.Device.Address);
        if (!hasEnded && (await sessions.ListThese(page.User.Id, [id])).Count == 0) return await Refuse(page);
        if (id != page.Visitor.Session.Id) return page.Go("/account/devices", "device-out");
        PageCookies.ClearSession(page.Http);
        return page.Go("/sign-in", "signed-out");
    }

    public async Task<IResult> EndOthers(PageRequest page)
    {
        await sessions.EndOthers(page.User.Id, page.Visitor.Session.Id, EndReason.EndedByUser, page.Device.Address);
        return page.Go("/account/devices", "others-out");
    }

    private async Task<IResult> Refuse(PageRequest page) => await page.Show<DevicesPage>(await List(page), Problems.NotFound);

    private async Task<DevicesModel> List(PageRequest page)
    {
        var mine = page.Visitor.Session.Id;
        var alive = await sessions.List(page.User.Id);
        return new DevicesModel([.. alive.OrderByDescending(session => session.Id == mine).ThenByDescending(session => session.RotatedAt).Select(session => new DeviceLine(
            session.Id, session.Id == mine, AgentWords.Of(session.Agent), session.Address, places.Find(session.Address, page.Language.Code), session.RotatedAt, session.CreatedAt))]);
    }
}
