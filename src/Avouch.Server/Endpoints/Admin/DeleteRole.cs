using Avouch.Protocol;
using Avouch.Server.Http;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>DELETE /api/v1/admin/roles/{name}</c>: a role that nobody has.</summary>
internal sealed class DeleteRole(RoleActs acts)
{
    [EndpointSummary("Delete a role")]
    [EndpointDescription("A role that somebody has, and one that is built in, stay. Needs `roles:write`, a sign-in at most 10 minutes old, and every permission of this server that the role has.")]
    [Tags("Roles")]
    [Gives(204, "It is deleted.")]
    [Refuses(401, 403, 404, 409)]
    [TakesAccessToken]
    [TakesPathId("name", "The name of the role.", IsUuid = false)]
    public async Task<IResult> Handle(HttpContext http, AccessToken token) =>
        await acts.Delete(token, http.Request.RouteValues["name"] as string ?? "") is { } refusal ? refusal : Results.NoContent();
}
