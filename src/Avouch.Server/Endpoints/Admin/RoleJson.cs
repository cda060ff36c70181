using Avouch.Server.Http;
using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Admin;

/// <summary>A role as the API shows one.</summary>
internal sealed record RoleJson(
    string Name, string? Description, bool IsBuiltIn, IReadOnlyList<string> Permissions, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt)
{
    public static RoleJson Of(StoredRole role) => new(role.Name, role.Description, role.IsBuiltIn, role.Permissions, role.CreatedAt, role.UpdatedAt);

    public static IResult Result(StoredRole role, int status = 200) => Results.Json(Of(role), AdminJson.Default.RoleJson, statusCode: status);

    /// <summary>Nothing where the change is done.</summary>
    public static Problem? Refuse(RoleOutcome outcome) => outcome.Change switch
    {
        RoleChange.Done => null,
        RoleChange.NameTaken => Problems.RoleExists,
        RoleChange.Outranked => Problems.Outranked,
        RoleChange.TooMany => Problems.TooManyRoles,
        RoleChange.BuiltIn => Problems.RoleBuiltIn,
        RoleChange.InUse => Problems.RoleInUse(outcome.Holders),
        _ => Problems.NotFound,
    };

    public static string? CheckPermissions(IReadOnlyList<string> permissions)
    {
        if (permissions.Count > StoredRole.MaxPermissions) return $"A role has at most {StoredRole.MaxPermissions} permissions.";
        return permissions.All(Permission.IsName) ? null : $"The name of a permission has 1 to {Permission.MaxLength} of a to z, 0 to 9 and _ . : -";
    }

    public static string? CheckDescription(string text) =>
        text.Length > StoredRole.MaxDescription || text.Any(char.IsControl) ? $"A description has at most {StoredRole.MaxDescription} characters, none of them a control character." : null;
}
