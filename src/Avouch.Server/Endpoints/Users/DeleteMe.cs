using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>DELETE /api/v1/users/me</c>: one's own account, for good, with the password once more.</summary>
internal sealed class DeleteMe(OwnDeletion deletion)
{
    internal sealed record Request([property: Required] string? CurrentPassword = null);

    private const string Done = "Your account is deleted: names, address, password, sessions and waiting mail are gone. The journal keeps that an account was made, used and deleted, under a number that is never given again, without your network addresses.";

    [EndpointSummary("Delete my account")]
    [EndpointDescription("Deletes the account for good, and says what stays. A wrong password counts as a failed sign-in. The last active administrator cannot.")]
    [Tags("Account")]
    [Takes<Request>("""{"current_password":"correct horse 42"}""")]
    [Gives<MessageJson>(200, "It is deleted.", UserExamples.Deleted)]
    [Refuses(400, 401, 403, 404, 409, 413, 415, 422, 503)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var (request, problem) = await RequestBody.ReadJson(http, UsersApiJson.Default.DeleteMeRequest);
        if (request is null) return problem!;
        if (string.IsNullOrEmpty(request.CurrentPassword)) return Problems.Invalid("current_password", "The current password is needed.");
        var (proof, change) = await deletion.Run(token.Subject, request.CurrentPassword, ClientCaller.Of(http), http.RequestAborted);
        if (ProofProblems.Find(proof) is { } refusal) return refusal;
        return change == UserChange.LastAdmin ? Problems.LastAdmin : MessageJson.Result(Done);
    }
}
