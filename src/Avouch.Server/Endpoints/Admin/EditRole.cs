using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>PATCH /api/v1/admin/roles/{name}</c>: what a role permits. It counts for the next request of everybody who has it.</summary>
internal sealed class EditRole(RoleActs acts)
{
    /// <summary>As the OpenAPI document shows it.</summary>
    internal sealed record Request(string? Description = null, IReadOnlyList<string>? Permissions = null);

    [EndpointSummary("Change a role")]
    [EndpointDescription("`permissions` replaces all of them. Needs `roles:write`, a sign-in at most 10 minutes old, and every permission of this server that the role has or is to have. What `admin` may do cannot be changed.")]
    [Tags("Roles")]
    [Takes<Request>("""{"permissions":["users:read"]}""")]
    [Gives<RoleJson>(200, "The role as it is now.", AdminExamples.Role)]
    [Refuses(400, 401, 403, 404, 409, 413, 415, 422)]
    [TakesAccessToken]
    [TakesPathId("name", "The name of the role.", IsUuid = false)]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var name = http.Request.RouteValues["name"] as string ?? "";
        var (body, problem) = await PatchBody.Read(http);
        if (body is null) return problem!;
        Given<string?> description = body.Text("description", StoredRole.CheckDescription, canClear: true);
        var permissions = body.Texts("permissions");
        if (permissions is not null && StoredRole.CheckPermissions(permissions) is { } wrong) body.Errors["permissions"] = [wrong];
        if (body.RefuseFaults(_ => "There is no such member here.") is { } invalid) return invalid;
        var (role, refusal) = await acts.Update(token, name, new RolePatch(permissions, description.IsGiven, description.Value));
        return role is null ? refusal! : RoleJson.Result(role);
    }
}
