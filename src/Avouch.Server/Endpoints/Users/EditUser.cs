using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>PATCH /api/v1/users/{id}</c>: oneself as with <c>me</c>; anybody for whoever may change users. For others, somebody else is not there.</summary>
internal sealed class EditUser(Guard guard, UserEditing editing)
{
    /// <summary>As the OpenAPI document shows it.</summary>
    internal sealed record Request(
        string? Username = null, string? FullName = null, string? Locale = null, string? Email = null, string? Role = null, IReadOnlyList<string>? Roles = null, bool? IsActive = null);

    [EndpointSummary("Change a user")]
    [EndpointDescription("Changes what is sent and leaves the rest; null clears. Everybody may change their own `username`, `full_name` and `locale`. With `users:write` others' too, and their `is_active`, and with `users:recover` beside it their `email` (it is not verified then); `role` or `roles` need `roles:write` alone. Nobody changes these four about themselves. Without `users:read` the answer has no body. These last need a sign-in at most 10 minutes old, and a user may not be changed by somebody who may do less. The last active administrator stays one.")]
    [Tags("Users")]
    [Takes<Request>("""{"full_name":"Bob B.","roles":["user","support"]}""")]
    [Gives<UserJson>(200, "The user as it is now.", AnswerExamples.User)]
    [Gives(204, "It is changed; without `users:read` nothing is shown.")]
    [Refuses(400, 401, 403, 404, 409, 413, 415, 422)]
    [TakesAccessToken]
    [TakesPathId("id", "The id of the user.")]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (PathId.Find(http) is not { } id) return Problems.NotFound;
        var isOther = id != token.Subject;
        if (isOther && RefuseOthers(token) is { } stranger) return stranger;
        var (body, problem) = await PatchBody.Read(http);
        if (body is null) return problem!;
        var edit = isOther ? ReadAll(body) : ProfileRules.Read(body);
        if (body.RefuseFaults(isOther ? _ => "There is no such member here, or it cannot be changed." : ProfileRules.Explain) is { } invalid) return invalid;
        if (isOther && RefuseMembers(token, body) is { } missing) return missing;
        var (user, refusal) = await editing.Apply(token, id, edit);
        if (user is null || refusal is not null) return refusal ?? Problems.NotFound;
        return isOther && !guard.Can(token, Permission.UsersRead) ? Results.NoContent() : UserAnswer.Of(http, user);
    }

    /// <summary>Whoever may see the user learns what is missing; for everybody else the user is not there.</summary>
    private Problem? RefuseOthers(AccessToken token)
    {
        if (guard.Can(token, Permission.UsersWrite) || guard.Can(token, Permission.RolesWrite)) return null;
        if ((guard.RefuseNarrow(token, Permission.UsersWrite) ?? guard.RefuseNarrow(token, Permission.RolesWrite)) is { } narrow) return narrow;
        return guard.Can(token, Permission.UsersRead) ? Problems.MissingPermission(Permission.UsersWrite) : Problems.NotFound;
    }

    private Problem? RefuseMembers(AccessToken token, PatchBody body) =>
        guard.Can(token, Permission.UsersWrite) || body.IsOnly("role", "roles") ? null : Problems.MissingPermission(Permission.UsersWrite);

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
}
