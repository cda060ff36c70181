using System.ComponentModel;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Metrics;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Auth;

/// <summary>
/// <c>POST /api/v1/auth/refresh</c>: a refresh token for a new pair. Garbage ends at the MAC, before any query; a genuine token is one statement.
/// </summary>
internal sealed class Refresh(Rotation rotation, TokenIssuer issuer, RefreshKeys keys, RateLimits limits, CookieMode cookies, ServerMeter meter)
{
    internal sealed record Request(
        [property: Description("Needed, unless it is in the cookie of a browser.")] string? RefreshToken = null,
        [property: Description("For browsers: takes the token from the cookie and puts the next one there. Needs the header `Avouch-Csrf: 1`.")] bool? Cookie = null);

    [EndpointSummary("Refresh")]
    [EndpointDescription("Exchanges a refresh token for a new pair. The token is used up; sent once more within the grace time (a retry, a second tab) it gets the same new one again, later it counts as stolen and ends the session. With the cookie of a browser the body may be empty.")]
    [Tags("Account")]
    [Takes<Request>("""{"refresh_token":"avr_…"}""", OrForm = "refresh_token=avr_…", Optional = true)]
    [Gives<TokensJson>(200, "A new access token and the next refresh token.", AnswerExamples.Tokens)]
    [Refuses(400, 401, 403, 413, 415, 422)]
    public async Task<IResult> Handle(HttpContext http)
    {
        var cookie = CookieMode.TokenOf(http);
        var (request, problem) = await Read(http, mayBeEmpty: cookie is not null);
        if (request is null) return problem!;
        var hasToken = !string.IsNullOrEmpty(request.RefreshToken);
        var usesCookie = request.Cookie == true || (cookie is not null && !hasToken);
        if (usesCookie && hasToken) return Problems.Invalid("refresh_token", "Send a refresh token or use the cookie, not both.");
        if (!usesCookie && !hasToken) return Problems.Invalid("refresh_token", "A refresh token is needed.");
        if (usesCookie && cookies.Refuse(http) is { } crossSite) return crossSite;

        var (tokens, refusal) = await Exchange(http, usesCookie ? cookie : request.RefreshToken);
        if (usesCookie && refusal is { Status: 401 }) CookieMode.Clear(http);   // of no use any more; after a fault or a limit it still is
        if (tokens is null) return refusal!;
        if (!usesCookie) return TokenResult.Of(TokensJson.Of(tokens));
        CookieMode.Keep(http, tokens, device: null, default);
        return TokenResult.Of(TokensJson.Of(tokens) with { RefreshToken = null });
    }

    private async Task<(TokenAnswer? Tokens, Problem? Refusal)> Exchange(HttpContext http, string? token)
    {
        if (!RefreshToken.TryVerify(token, keys, out var presented)) return (null, Forged());
        if (limits.Take(Limit.RefreshOfSession, $"{presented.SessionId:N}") is { IsAllowed: false } full) return (null, Problems.TooManyRequests(full));

        var accessUntil = issuer.AccessUntil();
        var rotated = await rotation.Rotate(presented, TokenIssuer.FirstParty, accessUntil, ClientDevice.Of(http));
        return rotated.Grant is { } grant ? (issuer.Issue(grant, accessUntil), null) : (null, Problems.InvalidRefreshToken(rotated.Cause));
    }

    private static async Task<Body<Request>> Read(HttpContext http, bool mayBeEmpty)
    {
        if (mayBeEmpty && RequestBody.IsEmpty(http)) return new(new Request(), null);
        return await RequestBody.ReadJsonOrForm(http, ApiJson.Default.RefreshRequest, form => new Request(form.Single("refresh_token")));
    }

    private Problem Forged()
    {
        meter.Refreshes.Count("result", RefreshResult.Forged);
        return Problems.InvalidRefreshToken();
    }
}
