using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>DELETE /api/v1/admin/roles/{name}</c>: a role that nobody has.</summary>
internal sealed class DeleteRole(Guard guard, RoleCatalogue roles)
{
    [EndpointSummary("Delete a role")]
    [EndpointDescription("A role that somebody has, and one that is built in, stay. Needs `roles:write`, a sign-in at most 10 minutes old, and every permission of this server that the role has.")]
    [Tags("Roles")]
    [Gives(204, "It is deleted.")]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    [TakesPathId("name", "The name of the role.", IsUuid = false)]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        if (roles.Current.Find(http.Request.RouteValues["name"] as string ?? "") is not { } role) return Problems.NotFound;
        if (RoleReach.Refuse(guard, token, role.Permissions) is { } missing) return missing;
        return RoleJson.Refuse(await roles.Delete(role.Name, token.Subject, Reaches)) ?? Results.NoContent();

        bool Reaches(RoleSnapshot snapshot) => RoleReach.Refuse(guard, token, snapshot.Find(role.Name)!.Permissions, snapshot) is null;
    }
}
