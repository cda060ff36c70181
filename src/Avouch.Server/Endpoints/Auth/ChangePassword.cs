using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/password/change</c>: a new password for somebody who is signed in and knows the old one.</summary>
internal sealed class ChangePassword(PasswordChange change, LimitSettings limits)
{
    private const string Changed = "Your password has been changed.";

    internal sealed record Request(
        [property: Required] string? CurrentPassword = null,
        [property: Required, Description("8 to 256 characters; refused when it is a common one or made of the user's own name.")] string? NewPassword = null,
        [property: Description("Leaves the other devices signed in. By default they are signed out.")] bool? KeepOtherSessions = null);

    /// <param name="DeviceToken">Left out where the device was not known, or has its token in a cookie.</param>
    internal sealed record Answer(string Message, bool Success, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DeviceToken);

    [EndpointSummary("Change my password")]
    [EndpointDescription("Ends the other sessions and tells the user by mail. This session goes on: its access token is stale, a refresh brings the next one. A device that sends its token in `Avouch-Device`, or has it in the cookie, gets the next one in the same way and stays known; all others are strangers. A wrong current password counts as a failed sign-in and answers 403 `wrong_password`.")]
    [Tags("Passwords")]
    [Takes<Request>("""{"current_password":"correct horse 42","new_password":"battery staple 43","keep_other_sessions":false}""")]
    [Gives<Answer>(200, "The password has been changed.", AnswerExamples.PasswordChanged)]
    [Refuses(400, 401, 403, 413, 415, 422, 503)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var (request, problem) = await RequestBody.ReadJson(http, AccountJson.Default.ChangePasswordRequest);
        if (request is null) return problem!;
        var errors = NewPasswordOf.FindFaults(request.CurrentPassword, request.NewPassword);
        if (errors.Count > 0) return Problems.Invalid(errors);
        var wanted = new NewPasswordOf(token.Subject, token.SessionId, request.CurrentPassword!, request.NewPassword!, request.KeepOtherSessions == true) { Device = ClientDevice.Of(http).Token };
        var result = await change.Run(wanted, ClientCaller.Of(http), http.RequestAborted);
        return result.Device is { } device ? Keep(http, device) : ProofAnswer.Give(result, Changed);
    }

    /// <summary>The next token of the device goes where the one before came from.</summary>
    private IResult Keep(HttpContext http, string device)
    {
        var isHeader = http.Request.Headers.ContainsKey(ClientDevice.TokenHeader);
        if (!isHeader) CookieMode.KeepDevice(http, device, limits.DeviceLifetime);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new Answer(Changed, Success: true, isHeader ? device : null), AccountJson.Default.ChangePasswordAnswer);
    }
}
