using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Metrics;
using Avouch.Server.Sessions;

namespace Avouch.Server.Endpoints.Auth;

/// <summary>
/// <c>POST /api/v1/auth/refresh</c>: a refresh token for a new pair. Garbage ends at the MAC, before any query; a genuine token is one statement.
/// </summary>
internal sealed class Refresh(Rotation rotation, TokenIssuer issuer, RefreshKeys keys, ServerMeter meter)
{
    internal sealed record Request([property: Required] string? RefreshToken = null);

    [EndpointSummary("Refresh")]
    [EndpointDescription("Exchanges a refresh token for a new pair. The token is used up; sent once more within the grace time (a retry, a second tab) it gets the same new one again, later it counts as stolen and ends the session.")]
    [Tags("Account")]
    [Takes<Request>("""{"refresh_token":"avr_…"}""", OrForm = "refresh_token=avr_…")]
    [Gives<TokenAnswer>(200, "A new access token and the next refresh token.", AnswerExamples.Tokens)]
    [Refuses(400, 401, 413, 415, 422)]
    public async Task<IResult> Handle(HttpContext http)
    {
        var (request, problem) = await RequestBody.ReadJsonOrForm(http, ApiJson.Default.RefreshRequest, form => new Request(form.Single("refresh_token")));
        if (request is null) return problem!;
        if (string.IsNullOrEmpty(request.RefreshToken)) return Problems.Invalid("refresh_token", "A refresh token is needed.");
        if (!RefreshToken.TryVerify(request.RefreshToken, keys, out var presented)) return Forged();

        var accessUntil = issuer.AccessUntil();
        var rotated = await rotation.Rotate(presented, TokenIssuer.FirstParty, accessUntil, ClientDevice.Of(http));
        return rotated.Grant is { } grant
            ? TokenResult.Of(issuer.Issue(grant, accessUntil))
            : Problems.InvalidRefreshToken(rotated.Cause);
    }

    private Problem Forged()
    {
        meter.Refreshes.Count("result", RefreshResult.Forged);
        return Problems.InvalidRefreshToken();
    }
}
