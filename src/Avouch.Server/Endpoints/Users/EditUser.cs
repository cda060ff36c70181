using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>PATCH /api/v1/users/{id}</c>: oneself as with <c>me</c>; anybody for whoever may change users. For others, somebody else is not there.</summary>
internal sealed class EditUser(Guard guard, UserAccounts users, UserEdits edits)
{
    /// <summary>As the OpenAPI document shows it.</summary>
    internal sealed record Request(
        string? Username = null, string? FullName = null, string? Locale = null, string? Email = null, string? Role = null, IReadOnlyList<string>? Roles = null, bool? IsActive = null);

    private static readonly string[] Guarded = ["email", "role", "roles", "is_active"];

    [EndpointSummary("Change a user")]
    [EndpointDescription("Changes what is sent and leaves the rest; null clears. Everybody may change their own `username`, `full_name` and `locale`. With `users:write` others' too, and their `email` (it is not verified then) and `is_active`; `role` or `roles` need `roles:write`. These last need a sign-in at most 10 minutes old, and a user may not be changed by somebody who may do less. The last active administrator stays one.")]
    [Tags("Users")]
    [Takes<Request>("""{"full_name":"Bob B.","roles":["user","support"]}""")]
    [Gives<UserJson>(200, "The user as it is now.", AnswerExamples.User)]
    [Refuses(400, 401, 403, 404, 409, 413, 415, 422)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var isAdmin = guard.Can(token, Permission.UsersWrite);
        if (PathId.Find(http) is not { } id || (id != token.Subject && !isAdmin)) return Problems.NotFound;
        var (body, problem) = await PatchBody.Read(http);
        if (body is null) return problem!;
        var edit = isAdmin ? ReadAll(body) : ProfileRules.Read(body);
        if (body.RefuseFaults(isAdmin ? _ => "There is no such member here, or it cannot be changed." : ProfileRules.Explain) is { } invalid) return invalid;
        if (id == token.Subject && edit.OpensOrShutsDoors) return Problems.Invalid(body.Given(Guarded).ToDictionary(name => name, name => (string[])[ProfileRules.Explain(name)]));
        if (await users.Find(id) is not { } user) return Problems.NotFound;
        if (Refuse(token, user, edit) is { } refusal) return refusal;
        var actor = new Actor(token.Subject) { Reaches = (snapshot, found) => Refuse(token, found, edit, snapshot) is null };
        var edited = await edits.Apply(id, edit, id == token.Subject ? null : actor);
        return ProfileRules.Refuse(edited) ?? UserAnswer.Of(http, edited.User!);
    }

    private static UserEdit ReadAll(PatchBody body)
    {
        var role = body.Text("role", static name => RoleGrants.CheckList([name]), canClear: false);
        var roles = body.Texts("roles");
        if (role.IsGiven && roles is not null) body.Errors["role"] = ["Send either role or roles."];
        if (roles is not null && RoleGrants.CheckList(roles) is { } wrong) body.Errors["roles"] = [wrong];
        return ProfileRules.Read(body) with
        {
            Email = body.Text("email", AccountRules.CheckEmail, canClear: false).Value,
            Roles = roles ?? (role.Value is { } one ? [one] : null),
            IsActive = body.Flag("is_active"),
        };
    }

    private Problem? Refuse(AccessToken token, User user, UserEdit edit, RoleSnapshot? snapshot = null)
    {
        if (user.Id != token.Subject && guard.RefuseBeyond(token, user.Roles, snapshot) is { } beyond) return beyond;
        if (edit.Roles is { } roles && RoleGrants.Refuse(guard, token, user.Roles, UserRoles.Order(roles), snapshot) is { } grant) return grant;
        return edit.OpensOrShutsDoors ? guard.RefuseLate(token) : null;
    }
}
