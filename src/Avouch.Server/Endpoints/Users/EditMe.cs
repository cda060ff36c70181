using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>PATCH /api/v1/users/me</c>: one's own names and language; never a role or a status.</summary>
internal sealed class EditMe(UserEdits edits)
{
    [EndpointSummary("Change my profile")]
    [EndpointDescription("Changes what is sent and leaves the rest; null clears. Anything but these members is refused by name, and then nothing is changed.")]
    [Tags("Account")]
    [Takes<ProfileRules.Request>("""{"full_name":"Alice A.","locale":"de"}""")]
    [Gives<UserJson>(200, "The user as it is now.", AnswerExamples.User)]
    [Refuses(400, 401, 403, 404, 409, 413, 415, 422)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var (body, problem) = await PatchBody.Read(http);
        if (body is null) return problem!;
        var edit = ProfileRules.Read(body);
        if (body.RefuseFaults(ProfileRules.Explain) is { } refusal) return refusal;
        var edited = await edits.Apply(token.Subject, edit, actor: null);
        return ProfileRules.Refuse(edited) ?? UserAnswer.Of(http, edited.User!);
    }
}
