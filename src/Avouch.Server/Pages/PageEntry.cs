using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;

namespace Avouch.Server.Pages;

/// <summary>How somebody comes in to our pages, and how they leave.</summary>
internal sealed class PageEntry(UserSessions sessions, PageCookies cookies, LimitSettings limits)
{
    /// <summary>Keeps a session that has begun in the cookie. The one that this browser had before is over: nobody could end it any more (ASVS 7.2.4).</summary>
    /// <param name="device">The device token of the sign-in.</param>
    public async Task<IResult> Enter(PageRequest page, Grant grant, string? device, string path, string? notice = null)
    {
        await EndBefore(page.Http);
        cookies.KeepSession(page.Http, grant.SessionId, grant.ExpiresAt);
        if (device is not null) CookieMode.KeepDevice(page.Http, device, limits.DeviceLifetime);
        return page.Go(path, notice);
    }

    public async Task Leave(PageRequest page)
    {
        await EndBefore(page.Http);
        PageCookies.ClearSession(page.Http);
    }

    private async Task EndBefore(HttpContext http)
    {
        if (cookies.FindSession(http) is { } before) await sessions.End(before, owner: null, EndReason.SignedOut, ClientDevice.Of(http).Address);
    }
}
