using System.Reflection;
using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>A handler behind its guard, and the method whose attributes describe it.</summary>
internal sealed record GuardedHandler(RequestDelegate Run, MethodInfo Method)
{
    public AccessRule Rule { get; init; } = AccessRule.Open;

    /// <summary>What is refused before a limit is taken: what somebody else makes a visitor's browser send does not count for its network.</summary>
    public Func<HttpContext, Problem?> Precheck { get; init; } = static _ => null;

    /// <summary>How a refusal in front of the handler looks: a problem document, or a page where people ask.</summary>
    public Func<HttpContext, Problem, Task<IResult>> RefusalPage { get; init; } = static (_, problem) => Task.FromResult<IResult>(problem);
}

/// <summary>
/// The check in front of our own routes: a valid access token of the first party with the scope for the account API, and what the route wants
/// beyond that. A thin wrapper around the handler and no middleware, because ASP.NET's authentication costs more than everything else in a check
/// (docs/decisions).
/// </summary>
internal sealed class Guard(TokenCheck check, RoleCatalogue roles, UserCache users, AccessSettings settings, TimeProvider time)
{
    /// <summary>How old a sign-in may be for what destroys something or opens doors (ASVS 7.5.1).</summary>
    public static readonly TimeSpan MaxSignInAge = TimeSpan.FromMinutes(10);

    /// <summary>For routes that anybody may call.</summary>
    public static GuardedHandler Open(Func<HttpContext, Task<IResult>> handler)
    {
        return new GuardedHandler(Run, handler.Method);

        async Task Run(HttpContext http)
        {
            var result = await handler(http);
            await result.ExecuteAsync(http);
        }
    }

    /// <summary>For routes of somebody who is signed in, with a verified address or without.</summary>
    public GuardedHandler SignedIn(Func<HttpContext, AccessToken, Task<IResult>> handler) => Behind(AccessRule.SignedIn, handler);

    /// <summary>For routes that want a verified address where the settings say so.</summary>
    /// <param name="widening">A permission with which the handler shows or does more. Whoever has this or another one of the admin API is an administrator here.</param>
    public GuardedHandler Verified(Func<HttpContext, AccessToken, Task<IResult>> handler, string? widening = null) =>
        Behind(AccessRule.SignedIn with { Group = VerifiedGroup.Account, Widening = widening }, handler);

    /// <summary>For routes of somebody who signed in a few minutes ago.</summary>
    public GuardedHandler SignedInLately(Func<HttpContext, AccessToken, Task<IResult>> handler) => Behind(AccessRule.SignedIn with { NeedsRecentSignIn = true }, handler);

    /// <summary>For routes of administration: one of the roles has to give this permission.</summary>
    public GuardedHandler Permitted(string permission, Func<HttpContext, AccessToken, Task<IResult>> handler) => Behind(AccessRule.Needs(permission), handler);

    /// <summary>The same for what destroys something or opens doors: a sign-in of the last minutes as well.</summary>
    public GuardedHandler PermittedLately(string permission, Func<HttpContext, AccessToken, Task<IResult>> handler) => Behind(AccessRule.Needs(permission) with { NeedsRecentSignIn = true }, handler);

    /// <summary>For somebody with this very role who signed in a few minutes ago.</summary>
    public GuardedHandler InRoleLately(string role, Func<HttpContext, AccessToken, Task<IResult>> handler) => Behind(AccessRule.NeedsRole(role) with { NeedsRecentSignIn = true }, handler);

    /// <summary>The same as <see cref="SignedIn"/> for the hottest routes: the handler writes its answer itself.</summary>
    public GuardedHandler SignedInHot(Func<HttpContext, AccessToken, Task> handler)
    {
        return new GuardedHandler(Run, handler.Method) { Rule = AccessRule.SignedIn };

        Task Run(HttpContext http) => Refuse(http, TokenIssuer.AccountScope, out var token) is { } refusal ? refusal.ExecuteAsync(http) : handler(http, token!);
    }

    /// <summary>What the <c>Authorization</c> header holds: for routes that also take something else.</summary>
    public CheckedToken Check(HttpContext http) => check.Check(Authorization(http));

    /// <summary>Whether the bearer may do this, for routes that show or change more for some people than for others.</summary>
    public bool Can(AccessToken token, string permission) => token.Scope.Contains(TokenIssuer.AdminScope) && roles.Current.Permits(token.Roles, permission);

    /// <summary>A refusal where the bearer's roles permit this and the token lacks the scope for it: a refresh brings it.</summary>
    public Problem? RefuseNarrow(AccessToken token, string permission) =>
        roles.Current.Permits(token.Roles, permission) && !token.Scope.Contains(TokenIssuer.AdminScope) ? Problems.InsufficientScope(TokenIssuer.AdminScope) : null;

    /// <summary>A refusal where these roles may do something that the bearer may not: nobody gives away, or rules over, more than they have.</summary>
    /// <param name="others">Roles of somebody else, or for somebody else.</param>
    /// <param name="snapshot">What roles permit, where a transaction sees that; left out, as of the last commit.</param>
    public Problem? RefuseBeyond(AccessToken token, IReadOnlyList<string> others, RoleSnapshot? snapshot = null) =>
        (snapshot ?? roles.Current).FindBeyond(token.Roles, others) is { } beyond ? Problems.MissingPermission(beyond) : null;

    /// <inheritdoc cref="RefuseBeyond"/>
    public Problem? RefuseMissing(AccessToken token, IReadOnlyList<string> permissions, RoleSnapshot? snapshot = null) =>
        (snapshot ?? roles.Current).FindMissing(token.Roles, permissions) is { } missing ? Problems.MissingPermission(missing) : null;

    /// <summary>The bearer as somebody who changes others: nobody with roles that may do more, whenever they got them.</summary>
    public Actor ActorOf(AccessToken token) => Bare(token) with { Reaches = (snapshot, user) => RefuseBeyond(token, user.Roles, snapshot) is null };

    /// <summary>The bearer, of whom nothing is asked but that their token would still be let in.</summary>
    public static Actor Bare(AccessToken token) => new(token.Subject) { Session = new ActorSession(token.SessionId, token.Epoch) };

    /// <summary>A refusal where the sign-in is too long ago, for routes that ask for a new one only in some cases.</summary>
    public Problem? RefuseLate(AccessToken token) =>
        token.AuthenticatedAt is { } signedIn && time.GetUtcNow() - signedIn < MaxSignInAge ? null : Problems.RecentSignInNeeded;

    private GuardedHandler Behind(AccessRule rule, Func<HttpContext, AccessToken, Task<IResult>> handler)
    {
        return new GuardedHandler(Run, handler.Method) { Rule = rule };

        async Task Run(HttpContext http)
        {
            var result = Refuse(http, rule.Scope, out var token) ?? await Refuse(rule, token!) ?? await handler(http, token!);
            await result.ExecuteAsync(http);
        }
    }

    /// <summary>What stands against somebody who is known: also for pages, whose visitors have no token.</summary>
    public async ValueTask<Problem?> Refuse(AccessRule rule, AccessToken token) => RefuseRule(rule, token) ?? await RefuseUnverified(rule, token) ?? RefuseIfLate(rule, token);

    /// <summary>What is missing is said before the scope: whoever has no such role cannot get the scope either.</summary>
    private Problem? Refuse(HttpContext http, string? scope, out AccessToken? token)
    {
        var found = check.Check(Authorization(http));
        token = found.Token;
        if (token is null) return Problems.Unauthorized(found);
        if (token.ClientId != TokenIssuer.FirstParty) return Problems.ForeignClient with { Subject = token.Subject };
        if (scope is not null && !token.Scope.Contains(scope)) return Problems.InsufficientScope(scope) with { Subject = token.Subject };
        return null;
    }

    private Problem? RefuseRule(AccessRule rule, AccessToken token)
    {
        if (rule.Permission is { } permission && !roles.Current.Permits(token.Roles, permission)) return Problems.MissingPermission(permission);
        if (rule.Role is { } role && !token.Roles.Contains(role)) return Problems.MissingRole(role);
        if (rule.IsForAdministrators && !roles.Current.IsAdministrative(token.Roles)) return Problems.NotAdministrator;
        if (rule.IsAdministrative && !token.Scope.Contains(TokenIssuer.AdminScope)) return Problems.InsufficientScope(TokenIssuer.AdminScope);
        return null;
    }

    private async ValueTask<Problem?> RefuseUnverified(AccessRule rule, AccessToken token)
    {
        var group = rule.Widening is not null && IsAdministrator(token) ? VerifiedGroup.Admin : rule.Group;
        return settings.Requires(group) && !await users.IsVerified(token.Subject) ? Problems.EmailNotVerified : null;
    }

    private bool IsAdministrator(AccessToken token) => token.Scope.Contains(TokenIssuer.AdminScope) && roles.Current.IsAdministrative(token.Roles);

    private Problem? RefuseIfLate(AccessRule rule, AccessToken token) => rule.NeedsRecentSignIn ? RefuseLate(token) : null;

    /// <summary>One header or none: with two, nobody could tell which one counts, so neither does.</summary>
    private static string? Authorization(HttpContext http) => http.Request.Headers.Authorization is [var single] ? single : null;
}
