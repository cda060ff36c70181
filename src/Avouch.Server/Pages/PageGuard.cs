using Avouch.Server.Http;
using Avouch.Server.Sessions;

namespace Avouch.Server.Pages;

/// <summary>What answers a request for a page.</summary>
internal delegate Task<IResult> PageHandler(PageRequest page);

/// <summary>How a page looks that was refused before its handler.</summary>
internal delegate Task<IResult> PageRefusal(PageRequest page, Problem refusal);

/// <summary>
/// The check in front of our own pages: the rules of <see cref="Guard"/> for whoever the cookie says is signed in, and for every form that it is one of
/// ours. Where the API refuses, a page leads on: to the sign-in, to the password once more, or to a page that says what is missing.
/// </summary>
internal sealed class PageGuard(PageKit kit, PageSessions sessions, Guard guard, FormReceipts receipts)
{
    /// <summary>A page that anybody may open.</summary>
    /// <param name="refuse">How it looks where a limit or an old form stands in front of it; left out, as every other page does.</param>
    public GuardedHandler Open(PageHandler handler, PageRefusal? refuse = null) => Behind(AccessRule.Open, handler, new Manner { Refuse = refuse ?? ShowRefusal });

    /// <summary>
    /// The same for a page whose address holds a mailed secret. Its form needs no token of ours: whoever sends it has the secret, and it works in a
    /// browser that keeps no cookies.
    /// </summary>
    public GuardedHandler OpenLink(PageHandler handler, PageRefusal refuse) => Behind(AccessRule.Open, handler, new Manner { Refuse = refuse, HoldsSecret = true });

    public GuardedHandler SignedIn(PageHandler handler) => Behind(AccessRule.SignedIn, handler);

    public GuardedHandler Verified(PageHandler handler) => Behind(AccessRule.SignedIn with { Group = Settings.VerifiedGroup.Account }, handler);

    public GuardedHandler SignedInLately(PageHandler handler) => Behind(AccessRule.SignedIn with { NeedsRecentSignIn = true }, handler);

    public GuardedHandler Permitted(string permission, PageHandler handler) => Behind(AccessRule.Needs(permission), handler);

    public GuardedHandler PermittedLately(string permission, PageHandler handler) => Behind(AccessRule.Needs(permission) with { NeedsRecentSignIn = true }, handler);

    public GuardedHandler InRoleLately(string role, PageHandler handler) => Behind(AccessRule.NeedsRole(role) with { NeedsRecentSignIn = true }, handler);

    /// <summary>For whoever has any permission of administration at all.</summary>
    public GuardedHandler Administrative(PageHandler handler) => Behind(AccessRule.SignedIn with { IsForAdministrators = true, Group = Settings.VerifiedGroup.Admin }, handler);

    /// <param name="HoldsSecret">Whether a secret in the address, and in the form, shows who may do this.</param>
    private sealed record Manner(bool HoldsSecret = false)
    {
        public PageRefusal Refuse { get; init; } = ShowRefusal;

        public static readonly Manner Plain = new();
    }

    private GuardedHandler Behind(AccessRule rule, PageHandler handler, Manner? given = null)
    {
        var manner = given ?? Manner.Plain;
        return new GuardedHandler(Run, handler.Method) { Rule = rule with { IsOfPage = true }, RefusalPage = (http, problem) => Refuse(http, problem, manner) };

        async Task Run(HttpContext http)
        {
            var result = HttpMethods.IsPost(http.Request.Method) ? await Send(http, rule, handler, manner) : await Answer(await ToRequest(http, FormCollection.Empty, manner), rule, handler);
            await result.ExecuteAsync(http);
        }
    }

    private async Task<IResult> Send(HttpContext http, AccessRule rule, PageHandler handler, Manner manner)
    {
        if (kit.Forms.RefuseForeign(http, manner.HoldsSecret) is { } foreign) return await Refuse(http, foreign, manner);
        var (form, unreadable) = await RequestBody.ReadForm(http, static form => form);
        if (form is null) return await Refuse(http, unreadable!, manner);
        var page = await ToRequest(http, form, manner);
        if (!manner.HoldsSecret && !page.HasOwnForm) return await manner.Refuse(page, page.HasCookie ? Problems.FormExpired : Problems.CookiesNeeded);
        var answer = await receipts.Run(http.Request.Path, form, async () => new FormAnswer(await Answer(page, rule, handler), http.Response.Headers.SetCookie), keepsRefusal: !manner.HoldsSecret);
        http.Response.Headers.SetCookie = answer.Cookies;
        return answer.Result;
    }

    private async Task<IResult> Answer(PageRequest page, AccessRule rule, PageHandler handler)
    {
        if (!rule.NeedsToken) return await handler(page);
        if (page.VisitorOrNull is null) return page.Go("/sign-in?return_to=" + Uri.EscapeDataString(Back(page.Http)));
        if (await guard.Refuse(rule, page.Token) is not { } refusal) return await handler(page);
        return refusal == Problems.RecentSignInNeeded ? page.Go("/confirm?return_to=" + Uri.EscapeDataString(Back(page.Http))) : await page.Show<RefusalPage>(refusal: refusal);
    }

    /// <summary>A refusal that comes before any handler.</summary>
    private async Task<IResult> Refuse(HttpContext http, Problem problem, Manner manner) => await manner.Refuse(await ToRequest(http, FormCollection.Empty, manner), problem);

    private static Task<IResult> ShowRefusal(PageRequest page, Problem refusal) => page.Show<RefusalPage>(refusal: refusal);

    private async Task<PageRequest> ToRequest(HttpContext http, IFormCollection form, Manner manner) =>
        new(http, kit, await FindVisitor(http), form) { HidesReferrer = manner.HoldsSecret };

    private async Task<PageVisitor?> FindVisitor(HttpContext http)
    {
        if (kit.Cookies.FindSession(http) is not { } id) return null;
        var visitor = await sessions.Find(id, ClientDevice.Of(http));
        if (visitor is null) PageCookies.ClearSession(http);
        return visitor;
    }

    /// <summary>Where somebody comes back to: the page, or the one on which a form stands, which is sent from its own address.</summary>
    private static string Back(HttpContext http) => http.Request.Path + (HttpMethods.IsPost(http.Request.Method) ? "" : http.Request.QueryString.ToString());
}
