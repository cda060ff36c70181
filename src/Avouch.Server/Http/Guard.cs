using System.Reflection;
using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Sessions;

namespace Avouch.Server.Http;

/// <summary>A handler behind its guard, and the method whose attributes describe it.</summary>
internal sealed record GuardedHandler(RequestDelegate Run, MethodInfo Method);

/// <summary>
/// The check in front of our own routes: a valid access token of the first party with the scope for the account API. A thin wrapper around the
/// handler and no middleware, because ASP.NET's authentication costs more than everything else in a check (docs/decisions).
/// </summary>
internal sealed class Guard(TokenCheck check)
{
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

    /// <summary>For routes of somebody who is signed in.</summary>
    public GuardedHandler SignedIn(Func<HttpContext, AccessToken, Task<IResult>> handler)
    {
        return new GuardedHandler(Run, handler.Method);

        async Task Run(HttpContext http)
        {
            var result = Refuse(http, out var token) ?? await handler(http, token!);
            await result.ExecuteAsync(http);
        }
    }

    /// <summary>The same for the hottest routes: the handler writes its answer itself.</summary>
    public GuardedHandler SignedInHot(Func<HttpContext, AccessToken, Task> handler)
    {
        return new GuardedHandler(Run, handler.Method);

        Task Run(HttpContext http) => Refuse(http, out var token) is { } refusal ? refusal.ExecuteAsync(http) : handler(http, token!);
    }

    /// <summary>What the <c>Authorization</c> header holds: for routes that also take something else.</summary>
    public CheckedToken Check(HttpContext http) => check.Check(Authorization(http));

    private Problem? Refuse(HttpContext http, out AccessToken? token)
    {
        var found = check.Check(Authorization(http));
        token = found.Token;
        if (token is null) return Problems.Unauthorized(found);
        if (token.ClientId != TokenIssuer.FirstParty) return Problems.ForeignClient with { Subject = token.Subject };
        if (!token.Scope.Contains(TokenIssuer.AccountScope)) return Problems.InsufficientScope(TokenIssuer.AccountScope) with { Subject = token.Subject };
        return null;
    }

    /// <summary>One header or none: with two, nobody could tell which one counts, so neither does.</summary>
    private static string? Authorization(HttpContext http) => http.Request.Headers.Authorization is [var single] ? single : null;
}
