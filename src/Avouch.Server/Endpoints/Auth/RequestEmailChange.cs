using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Limits;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/email/change/request</c>: another address, for somebody who is signed in and knows the password.</summary>
internal sealed class RequestEmailChange(EmailChange change, RateLimits limits)
{
    internal sealed record Request(
        [property: Required] string? NewEmail = null,
        [property: Required, Description("A wrong one counts as a failed sign-in.")] string? CurrentPassword = null);

    [EndpointSummary("Ask for another e-mail address")]
    [EndpointDescription("Mails a link to the new address; nothing changes until it is used. Answers the same where somebody else has that address.")]
    [Tags("E-mail address")]
    [Takes<Request>("""{"new_email":"alice@example.org","current_password":"correct horse 42"}""")]
    [Gives<MessageJson>(200, "The mail is on its way.", AnswerExamples.EmailChangeRequested)]
    [Refuses(400, 401, 403, 413, 415, 422, 503)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var (request, problem) = await RequestBody.ReadJson(http, AccountJson.Default.RequestEmailChangeRequest);
        if (request is null) return problem!;
        var errors = new Dictionary<string, string[]>();
        if (AccountRules.CheckEmail(request.NewEmail) is { } sentence) errors["new_email"] = [sentence];
        if (string.IsNullOrEmpty(request.CurrentPassword)) errors["current_password"] = ["The current password is needed."];
        if (errors.Count > 0) return Problems.Invalid(errors);
        var key = $"{token.Subject:N}";
        var target = NameKey.Of(request.NewEmail!);
        if (limits.Take(Limit.EmailChange, key) is { IsAllowed: false } full) return Problems.TooManyRequests(full);
        if (limits.Take(Limit.EmailChangeTo, target) is { IsAllowed: false } flooded)
        {
            limits.GiveBack(Limit.EmailChange, key);
            return Problems.TooManyRequests(flooded);
        }
        var result = await change.Request(token.Subject, request.NewEmail!.Trim(), request.CurrentPassword!, ClientCaller.Of(http), http.RequestAborted);
        if (result.Outcome != ProofOutcome.Done) GiveBack(key, target);
        return ProofAnswer.Give(result, "A link is on its way to the new e-mail address. Nothing changes until it is used.");
    }

    /// <summary>No mail was sent; wrong passwords have a limit of their own.</summary>
    private void GiveBack(string user, string target)
    {
        limits.GiveBack(Limit.EmailChange, user);
        limits.GiveBack(Limit.EmailChangeTo, target);
    }
}
