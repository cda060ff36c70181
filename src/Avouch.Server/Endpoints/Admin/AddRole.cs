using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>POST /api/v1/admin/roles</c>: a new role. Nobody makes one that may do more than they do.</summary>
internal sealed class AddRole(Guard guard, RoleCatalogue roles)
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
        if (RoleReach.Refuse(guard, token, request.Permissions ?? []) is { } beyond) return beyond;
        var outcome = await roles.Add(request.Name!, new RolePatch(request.Permissions ?? [], true, string.IsNullOrWhiteSpace(request.Description) ? null : request.Description.Trim()), token.Subject);
        return RoleJson.Refuse(outcome) ?? RoleJson.Result(outcome.Role!, StatusCodes.Status201Created);
    }

    private static Dictionary<string, string[]> Validate(Request request)
    {
        var errors = new Dictionary<string, string[]>();
        if (!StoredRole.IsName(request.Name)) errors["name"] = ["The name of a role begins with a letter from a to z and goes on with letters, digits, - and _, 32 at most."];
        if (request.Description is { } text && RoleJson.CheckDescription(text) is { } description) errors["description"] = [description];
        if (RoleJson.CheckPermissions(request.Permissions ?? []) is { } permissions) errors["permissions"] = [permissions];
        return errors;
    }
}
