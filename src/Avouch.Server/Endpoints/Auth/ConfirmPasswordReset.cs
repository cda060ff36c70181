using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Avouch.Server.Http;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/password/reset/confirm</c>: the mailed secret and a new password.</summary>
internal sealed class ConfirmPasswordReset(PasswordReset reset, LimitSettings limits)
{
    private const string Done = "Your new password is set. Sign in with it.";

    internal sealed record Request(
        [property: Required, Description("From the mailed link; good for one use.")] string? Token = null,
        [property: Required, Description("8 to 256 characters; refused when it is a common one or made of the user's own name.")] string? NewPassword = null);

    /// <param name="DeviceToken">Left out where the browser has it in a cookie.</param>
    internal sealed record Answer(string Message, bool Success, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DeviceToken);

    [EndpointSummary("Set a new password")]
    [EndpointDescription("Ends every session of the user and tells them by mail. The address counts as verified afterwards. A new password that is refused leaves the token as it is. The device is known from now on: it brings `device_token` along at sign-in, so that nobody who guesses passwords keeps the owner out. A browser that has a device cookie gets it there.")]
    [Tags("Passwords")]
    [Takes<Request>("""{"token":"avp_…","new_password":"battery staple 43"}""")]
    [Gives<Answer>(200, "The new password is set.", AnswerExamples.PasswordReset)]
    [Refuses(400, 413, 415, 422, 503)]
    public async Task<IResult> Handle(HttpContext http)
    {
        var (request, problem) = await RequestBody.ReadJson(http, AccountJson.Default.ConfirmPasswordResetRequest);
        if (request is null) return problem!;
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrEmpty(request.Token)) errors["token"] = ["The token from the mail is needed."];
        if (string.IsNullOrEmpty(request.NewPassword)) errors["new_password"] = ["A new password is needed."];
        if (errors.Count > 0) return Problems.Invalid(errors);
        var result = await reset.Confirm(request.Token, request.NewPassword!, ClientCaller.Of(http), http.RequestAborted);
        return result.Device is { } device ? Keep(http, device) : ProofAnswer.Give(result, Done, Problems.InvalidResetToken);
    }

    private IResult Keep(HttpContext http, string device)
    {
        var isBrowser = CookieField.Find(http, CookieMode.DeviceCookie) is not null;
        if (isBrowser) CookieMode.KeepDevice(http, device, limits.DeviceLifetime);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new Answer(Done, Success: true, isBrowser ? null : device), AccountJson.Default.ConfirmPasswordResetAnswer);
    }
}
