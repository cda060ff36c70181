using System.ComponentModel;
using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Auth;

/// <summary>
/// <c>POST /api/v1/auth/logout</c>: ends the session of the access token, or of the refresh token in the body. When this is answered, every access
/// token of the session is refused already.
/// </summary>
internal sealed class Logout(Guard guard, UserSessions sessions, RefreshKeys keys, CookieMode cookies)
{
    internal sealed record Request(
        [property: Description("Ends all of the user's sessions. Needs an access token.")] bool? All = null,
        [property: Description("Ends the session of this refresh token, where no valid access token is sent.")] string? RefreshToken = null,
        [property: Description("For browsers: ends the session of the cookie too, and clears it. Needs the header `Avouch-Csrf: 1`.")] bool? Cookie = null);

    [EndpointSummary("Sign out")]
    [EndpointDescription("Ends this session, or with `all` every session of the user. The body may be empty.")]
    [Tags("Account")]
    [Takes<Request>("""{"all":false}""", OrForm = "refresh_token=avr_…", Optional = true)]
    [Gives<MessageJson>(200, "The session has ended.", AnswerExamples.SignedOut)]
    [Refuses(400, 401, 403, 413, 415, 422)]
    [TakesAccessToken(Optional = true)]
    public async Task<IResult> Handle(HttpContext http)
    {
        var (request, problem) = await Read(http);
        if (request is null) return problem!;
        var device = ClientDevice.Of(http);
        var check = guard.Check(http);
        var isOnlyCookie = check.Token is null && string.IsNullOrEmpty(request.RefreshToken) && request.All != true && CookieMode.TokenOf(http) is not null;
        if (request.Cookie == true || isOnlyCookie) return await EndOfCookie(http, request, check, device);
        if (check.Token is { } token && cookies.SessionOf(http) == token.SessionId) CookieMode.Clear(http);
        return await EndOfTokens(request, check, device);
    }

    /// <summary>What the tokens of the request say, and the session of the cookie in any case.</summary>
    private async Task<IResult> EndOfCookie(HttpContext http, Request request, CheckedToken check, Device device)
    {
        if (cookies.Refuse(http) is { } crossSite) return crossSite;
        var session = cookies.SessionOf(http);
        CookieMode.Clear(http);
        if (session is { } found) await sessions.End(found, owner: null, EndReason.SignedOut, device.Address);
        var saysMore = check.Token is not null || request.All == true || !string.IsNullOrEmpty(request.RefreshToken) || session is null;
        return saysMore ? await EndOfTokens(request, check, device) : MessageJson.Result("Signed out.");
    }

    private async Task<IResult> EndOfTokens(Request request, CheckedToken check, Device device)
    {
        if (check.Token is { } token && request.All == true) return await EndAll(token.Subject, device);
        if (check.Token is not null) return await End(check.Token.SessionId, check.Token.Subject, device);
        if (string.IsNullOrEmpty(request.RefreshToken) || request.All == true) return Problems.Unauthorized(check);
        if (!RefreshToken.TryVerify(request.RefreshToken, keys, out var presented)) return Problems.InvalidRefreshToken();
        return await End(presented.SessionId, owner: null, device);
    }

    private async Task<IResult> End(Guid session, Guid? owner, Device device)
    {
        await sessions.End(session, owner, EndReason.SignedOut, device.Address);
        return MessageJson.Result("Signed out.");
    }

    private async Task<IResult> EndAll(Guid user, Device device)
    {
        var count = await sessions.EndAll(user, EndReason.SignedOut, device.Address);
        return MessageJson.Result(count == 1 ? "Signed out of one session." : $"Signed out of {count} sessions.");
    }

    private static async Task<Body<Request>> Read(HttpContext http)
    {
        if (RequestBody.IsEmpty(http)) return new(new Request(null, null), null);
        return await RequestBody.ReadJsonOrForm(http, ApiJson.Default.LogoutRequest, form => new Request(form.Single("all") == "true", form.Single("refresh_token")));
    }
}
