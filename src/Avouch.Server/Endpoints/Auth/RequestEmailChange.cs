using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Auth;

/// <summary><c>POST /api/v1/auth/email/change/request</c>: another address, for somebody who is signed in and knows the password.</summary>
internal sealed class RequestEmailChange(EmailChange change)
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
        var errors = EmailChange.FindFaults(request.NewEmail, request.CurrentPassword);
        if (errors.Count > 0) return Problems.Invalid(errors);
        var result = await change.Request(token.Subject, request.NewEmail!, request.CurrentPassword!, ClientCaller.Of(http), http.RequestAborted);
        return ProofAnswer.Give(result, "A link is on its way to the new e-mail address. Nothing changes until it is used.");
    }
}
