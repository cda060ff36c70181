using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/password/reset/confirm</c>: the mailed secret and a new password.</summary>
internal sealed class ConfirmPasswordReset(PasswordReset reset)
{
    internal sealed record Request(
        [property: Required, Description("From the mailed link; good for one use.")] string? Token = null,
        [property: Required, Description("8 to 256 characters; refused when it is a common one or made of the user's own name.")] string? NewPassword = null);

    [EndpointSummary("Set a new password")]
    [EndpointDescription("Ends every session of the user and tells them by mail. The address counts as verified afterwards. A new password that is refused leaves the token as it is.")]
    [Tags("Passwords")]
    [Takes<Request>("""{"token":"avp_…","new_password":"battery staple 43"}""")]
    [Gives<MessageJson>(200, "The new password is set.", AnswerExamples.PasswordReset)]
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
        return ProofAnswer.Give(result, "Your new password is set. Sign in with it.", Problems.InvalidResetToken);
    }
}
