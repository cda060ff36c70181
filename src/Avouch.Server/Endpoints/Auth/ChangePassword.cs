using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/password/change</c>: a new password for somebody who is signed in and knows the old one.</summary>
internal sealed class ChangePassword(PasswordChange change)
{
    internal sealed record Request(
        [property: Required] string? CurrentPassword = null,
        [property: Required, Description("8 to 256 characters; refused when it is a common one or made of the user's own name.")] string? NewPassword = null,
        [property: Description("Leaves the other devices signed in. By default they are signed out.")] bool? KeepOtherSessions = null);

    [EndpointSummary("Change my password")]
    [EndpointDescription("Ends the other sessions and tells the user by mail. This session goes on: its access token is stale, a refresh brings the next one. A wrong current password counts as a failed sign-in and answers 403 `wrong_password`.")]
    [Tags("Passwords")]
    [Takes<Request>("""{"current_password":"correct horse 42","new_password":"battery staple 43","keep_other_sessions":false}""")]
    [Gives<MessageJson>(200, "The password has been changed.", AnswerExamples.PasswordChanged)]
    [Refuses(400, 401, 403, 413, 415, 422, 503)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var (request, problem) = await RequestBody.ReadJson(http, AccountJson.Default.ChangePasswordRequest);
        if (request is null) return problem!;
        var errors = Validate(request);
        if (errors.Count > 0) return Problems.Invalid(errors);
        var wanted = new NewPasswordOf(token.Subject, token.SessionId, request.CurrentPassword!, request.NewPassword!, request.KeepOtherSessions == true);
        return ProofAnswer.Give(await change.Run(wanted, ClientCaller.Of(http), http.RequestAborted), "Your password has been changed.");
    }

    private static Dictionary<string, string[]> Validate(Request request)
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrEmpty(request.CurrentPassword)) errors["current_password"] = ["The current password is needed."];
        if (string.IsNullOrEmpty(request.NewPassword)) errors["new_password"] = ["A new password is needed."];
        else if (request.NewPassword == request.CurrentPassword) errors["new_password"] = ["This is the password that you have; please choose another one."];
        return errors;
    }
}
