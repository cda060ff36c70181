using Avouch.Server.Roles;

namespace Avouch.Server.Pages.Admin;

/// <param name="Holders">How many people have each role.</param>
internal sealed record RolesModel(IReadOnlyList<StoredRole> Roles, IReadOnlyDictionary<string, long> Holders);

/// <param name="MayChange">Whether the visitor may edit and delete it.</param>
internal sealed record RoleModel(StoredRole Role, long Holders, bool MayChange);

/// <summary>What was typed about a role.</summary>
/// <param name="Role">The one that is there; nothing of a new one.</param>
/// <param name="Others">Permissions of applications, one in a line.</param>
internal sealed record RoleFormModel(StoredRole? Role, string? Name, string? Description, IReadOnlySet<string> Permissions, string Others);
