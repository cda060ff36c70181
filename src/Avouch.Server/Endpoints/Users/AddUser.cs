using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>POST /api/v1/users</c>: an account that an administrator makes for somebody.</summary>
internal sealed class AddUser(UserAdding adding)
{
    internal sealed record Request(
        [property: Description("Optional; as at sign-up.")] string? Username = null,
        [property: Required, Description("It is not verified until mail has shown that it is theirs.")] string? Email = null,
        [property: Description("Optional: without one the user gets a mail to set one.")] string? Password = null,
        [property: Description("Optional.")] string? FullName = null,
        [property: Description("Optional; a language tag.")] string? Locale = null,
        [property: Description("One role; `user` if neither this nor `roles` is sent.")] string? Role = null,
        [property: Description("Several roles; other ones than `user` need `roles:write`.")] IReadOnlyList<string>? Roles = null);

    [EndpointSummary("Add a user")]
    [EndpointDescription("Makes an account. Needs `users:write`; roles beyond `user` need `roles:write`, a sign-in at most 10 minutes old, and nothing in them that one may not do oneself.")]
    [Tags("Users")]
    [Takes<Request>("""{"username":"bob","email":"bob@example.com","password":"correct horse 42","roles":["user"]}""")]
    [Gives<UserJson>(201, "The account.", AnswerExamples.User)]
    [Refuses(400, 401, 403, 409, 413, 415, 422, 503)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var (request, problem) = await RequestBody.ReadJson(http, UsersApiJson.Default.AddUserRequest);
        if (request is null) return problem!;
        var account = new NewAccount(Blank(request.Username), request.Email, Blank(request.FullName), Blank(request.Locale), request.Password, request.Roles ?? [request.Role ?? Role.User]);
        var errors = account.Validate();
        if (request is { Role: not null, Roles: not null }) errors["role"] = ["Send either role or roles."];
        if (errors.Count > 0) return Problems.Invalid(errors);
        var (user, refusal) = await adding.Add(token, account, ClientCaller.Of(http), http.RequestAborted);
        return user is null ? refusal! : UserAnswer.Of(http, user, StatusCodes.Status201Created);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
