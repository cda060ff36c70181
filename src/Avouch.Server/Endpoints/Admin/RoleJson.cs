using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Admin;

/// <summary>A role as the API shows one.</summary>
internal sealed record RoleJson(
    string Name, string? Description, bool IsBuiltIn, IReadOnlyList<string> Permissions, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt)
{
    public static RoleJson Of(StoredRole role) => new(role.Name, role.Description, role.IsBuiltIn, role.Permissions, role.CreatedAt, role.UpdatedAt);

    public static IResult Result(StoredRole role, int status = 200) => Results.Json(Of(role), AdminJson.Default.RoleJson, statusCode: status);
}
