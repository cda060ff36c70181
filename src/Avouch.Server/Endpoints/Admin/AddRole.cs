using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>POST /api/v1/admin/roles</c>: a new role. Nobody makes one that may do more than they do.</summary>
internal sealed class AddRole(RoleActs acts)
{
    internal sealed record Request(
        [property: Required, Description("A letter from a to z, then letters, digits, `-` and `_`; at most 32.")] string? Name = null,
        [property: Description("Optional; at most 200 characters.")] string? Description = null,
        [property: Description("Names such as `orders:read`; those of this server stand in the list of roles.")] IReadOnlyList<string>? Permissions = null);

    [EndpointSummary("Add a role")]
    [EndpointDescription("Needs `roles:write`, a sign-in at most 10 minutes old, and every permission of this server that the role is to have.")]
    [Tags("Roles")]
    [Takes<Request>("""{"name":"support","description":"First line","permissions":["users:read","users:recover"]}""")]
    [Gives<RoleJson>(201, "The role.", AdminExamples.Role)]
    [Refuses(400, 401, 403, 409, 413, 415, 422)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var (request, problem) = await RequestBody.ReadJson(http, AdminJson.Default.AddRoleRequest);
        if (request is null) return problem!;
        var errors = Validate(request);
        if (errors.Count > 0) return Problems.Invalid(errors);
        var (role, refusal) = await acts.Add(token, request.Name!, new RolePatch(request.Permissions ?? [], true, string.IsNullOrWhiteSpace(request.Description) ? null : request.Description.Trim()));
        return role is null ? refusal! : RoleJson.Result(role, StatusCodes.Status201Created);
    }

    private static Dictionary<string, string[]> Validate(Request request)
    {
        var errors = new Dictionary<string, string[]>();
        if (StoredRole.CheckName(request.Name) is { } name) errors["name"] = [name];
        if (request.Description is { } text && StoredRole.CheckDescription(text) is { } description) errors["description"] = [description];
        if (StoredRole.CheckPermissions(request.Permissions ?? []) is { } permissions) errors["permissions"] = [permissions];
        return errors;
    }
}
