using Avouch.Server.Data;
using Avouch.Server.Http;
using Avouch.Server.Sessions;
using Microsoft.AspNetCore.WebUtilities;

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
    public GuardedHandler OpenLink(PageHandler handler, PageRefusal? refuse = null) => Behind(AccessRule.Open, handler, new Manner { Refuse = refuse ?? ShowRefusal, HoldsSecret = true });

    public GuardedHandler SignedIn(PageHandler handler) => Behind(AccessRule.SignedIn, handler);

    public GuardedHandler Verified(PageHandler handler) => Behind(AccessRule.SignedIn with { Group = Settings.VerifiedGroup.Account }, handler);

    public GuardedHandler Permitted(string permission, PageHandler handler) => Behind(AccessRule.Needs(permission), handler);

    public GuardedHandler PermittedLately(string permission, PageHandler handler) => Behind(AccessRule.Needs(permission) with { NeedsRecentSignIn = true }, handler);

    /// <summary>For whoever has any permission of administration at all.</summary>
    public GuardedHandler Administrative(PageHandler handler) => Behind(AccessRule.SignedIn with { IsForAdministrators = true, Group = Settings.VerifiedGroup.Admin }, handler);

    /// <summary>
    /// How a refusal looks in front of every handler, or instead of one. Where there is nothing, in the language of whoever asks; all else without a look
    /// at them, which could be refused too.
    /// </summary>
    public async Task<IResult> Refuse(HttpContext http, Problem problem)
    {
        var visitor = problem == Problems.NotFound ? await TryFindVisitor(http) : null;
        return await new PageRequest(http, kit, visitor, FormCollection.Empty).Show<RefusalPage>(refusal: problem);
    }

    private async Task<PageVisitor?> TryFindVisitor(HttpContext http)
    {
        try
        {
            return await FindVisitor(http);
        }
        catch (DatabaseException)
        {
            return null;   // that there is nothing can be said without it
        }
    }

    /// <param name="HoldsSecret">Whether a secret in the address, and in the form, shows who may do this.</param>
    private sealed record Manner(bool HoldsSecret = false)
    {
        public PageRefusal Refuse { get; init; } = ShowRefusal;

        public static readonly Manner Plain = new();
    }

    private GuardedHandler Behind(AccessRule rule, PageHandler handler, Manner? given = null)
    {
        var manner = given ?? Manner.Plain;
        return new GuardedHandler(Run, handler.Method) { Rule = rule with { IsOfPage = true }, Precheck = RefuseForeign, RefusalPage = (http, problem) => Refuse(http, problem, manner) };

        async Task Run(HttpContext http)
        {
            var result = HttpMethods.IsPost(http.Request.Method) ? await Send(http, rule, handler, manner) : await Answer(await ToRequest(http, FormCollection.Empty, manner), rule, handler);
            await result.ExecuteAsync(http);
        }

        Problem? RefuseForeign(HttpContext http) => HttpMethods.IsPost(http.Request.Method) ? kit.Forms.RefuseForeign(http, manner.HoldsSecret) : null;
    }

    private async Task<IResult> Send(HttpContext http, AccessRule rule, PageHandler handler, Manner manner)
    {
        if (kit.Forms.RefuseForeign(http, manner.HoldsSecret) is { } foreign) return await Refuse(http, foreign, manner);
        var (form, unreadable) = await RequestBody.ReadForm(http, static form => form);
        if (form is null) return await Refuse(http, unreadable!, manner);
        var page = await ToRequest(http, form, manner);
        if (rule.NeedsToken && page.VisitorOrNull is null) return SignInFirst(page);
        if (!manner.HoldsSecret && !page.HasOwnForm(rule)) return await manner.Refuse(page, page.HasCookie ? Problems.FormExpired : Problems.CookiesNeeded);
        var answer = await receipts.Run(http.Request.Path + http.Request.QueryString, form, async () => new FormAnswer(await Answer(page, rule, handler), http.Response.Headers.SetCookie), keepsRefusal: !manner.HoldsSecret);
        http.Response.Headers.SetCookie = answer.Cookies;
        return answer.Result;
    }

    private async Task<IResult> Answer(PageRequest page, AccessRule rule, PageHandler handler)
    {
        if (!rule.NeedsToken) return await Show(page, handler);
        if (page.VisitorOrNull is null) return SignInFirst(page);
        if (await guard.Refuse(rule, page.Token) is not { } refusal) return await Show(page, handler);
        if (refusal == Problems.RecentSignInNeeded) return page.Go("/confirm?return_to=" + Uri.EscapeDataString(Back(page)));
        return await page.Show<RefusalPage>(refusal: refusal with { Subject = page.User.Id });
    }

    /// <summary>A handler may refuse with a problem, as those of the API do: people see it as a page.</summary>
    private static async Task<IResult> Show(PageRequest page, PageHandler handler) => await handler(page) switch
    {
        Problem problem => await page.Show<RefusalPage>(refusal: problem),
        var result => result,
    };

    private static IResult SignInFirst(PageRequest page) => page.Go("/sign-in?return_to=" + Uri.EscapeDataString(Back(page)));

    /// <summary>A refusal that comes before any handler. What another site sends is no use of a session, and a flood asks no database.</summary>
    private Task<IResult> Refuse(HttpContext http, Problem problem, Manner manner) =>
        manner.Refuse(new PageRequest(http, kit, null, FormCollection.Empty) { HidesReferrer = manner.HoldsSecret }, problem);

    /// <summary>With the way back to the page whose form was sent.</summary>
    private static Task<IResult> ShowRefusal(PageRequest page, Problem refusal) => page.Show<RefusalPage>(HttpMethods.IsPost(page.Http.Request.Method) ? Back(page) : null, refusal);

    private async Task<PageRequest> ToRequest(HttpContext http, IFormCollection form, Manner manner) =>
        new(http, kit, await FindVisitor(http), form) { HidesReferrer = manner.HoldsSecret };

    private async Task<PageVisitor?> FindVisitor(HttpContext http)
    {
        if (kit.Cookies.FindSession(http) is not { } id) return null;
        var visitor = await sessions.Find(id, ClientDevice.Of(http));
        if (visitor is null) PageCookies.ClearSession(http);
        return visitor;
    }

    /// <summary>
    /// Where somebody comes back to: the page, or the one on which the form stood that was sent. What was done there once is not said again
    /// because of the address.
    /// </summary>
    private static string Back(PageRequest page)
    {
        var request = page.Http.Request;
        if (!HttpMethods.IsPost(request.Method)) return WithoutNotice(request.Path.ToUriComponent(), request.QueryString.ToString());
        return Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var referrer) && PageRequest.LocalPath(page.Unlink(referrer.AbsolutePath)) is { } path
            ? WithoutNotice(path, referrer.Query)
            : request.Path.ToUriComponent();
    }

    private static string WithoutNotice(string path, string query)
    {
        var kept = QueryHelpers.ParseQuery(query).Where(pair => pair.Key != "notice").SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value));
        return path + QueryString.Create(kept);
    }
}
