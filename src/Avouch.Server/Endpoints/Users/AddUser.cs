using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>POST /api/v1/users</c>: an account that an administrator makes for somebody.</summary>
internal sealed class AddUser(Guard guard, UserAccounts users, PasswordHasher passwords, PasswordReset reset)
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
        var errors = Validate(request);
        if (errors.Count > 0) return Problems.Invalid(errors);
        var roles = UserRoles.Order(RolesOf(request));
        if (RoleGrants.Refuse(guard, token, [Role.User], roles) is { } refusal) return refusal;
        var account = new NewUser(Blank(request.Username), request.Email!.Trim(), Blank(request.FullName), roles[0], StoredHash.OfNobody) { Roles = roles, Locale = Blank(request.Locale) };
        if (await users.FindTaken(account) is not Taken.Nothing and var taken) return Refuse(taken);
        if (request.Password is { } password)
        {
            var hashed = await passwords.Hash(password, ClientDevice.Of(http).Network, http.RequestAborted);
            if (hashed.Hash is null) return Problems.Busy(hashed.RetryAfter);
            account = account with { PasswordHash = hashed.Hash };
        }
        var caller = ClientCaller.Of(http) with { Languages = account.Locale };
        var added = await users.Add(account, address: null, token.Subject, async (transaction, user, cause) =>
        {
            if (request.Password is null) await reset.Send(transaction, user, cause, caller);
        });
        return added.User is null ? Refuse(added.Taken) : UserAnswer.Of(http, added.User, StatusCodes.Status201Created);
    }

    private static Dictionary<string, string[]> Validate(Request request)
    {
        var errors = new Dictionary<string, string[]>();
        if (AccountRules.CheckEmail(request.Email) is { } email) errors["email"] = [email];
        if (Blank(request.Username) is { } name && AccountRules.CheckUsername(name) is { } username) errors["username"] = [username];
        if (Blank(request.FullName) is { } full && AccountRules.CheckFullName(full) is { } fullName) errors["full_name"] = [fullName];
        if (Blank(request.Locale) is { } tag && ProfileRules.CheckLocale(tag) is { } locale) errors["locale"] = [locale];
        if (request.Password is { } password && PasswordPolicy.Check(password, request.Username, request.Email ?? "", request.FullName) is { } weak) errors["password"] = [weak];
        if (request is { Role: not null, Roles: not null }) errors["role"] = ["Send either role or roles."];
        if (RoleGrants.CheckList(RolesOf(request)) is { } roles) errors["roles"] = [roles];
        return errors;
    }

    private static IReadOnlyList<string> RolesOf(Request request) => request.Roles ?? [request.Role ?? Role.User];

    private static Problem Refuse(Taken taken) => taken switch
    {
        Taken.Email => Problems.EmailTaken,
        Taken.Username => Problems.UsernameTaken,
        Taken.LookAlike => Problems.UsernameLooksTaken,
        _ => Problems.Invalid("roles", "One of these roles does not exist."),
    };

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
