using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;

namespace Avouch.Server.Endpoints.Admin;

/// <summary><c>GET /api/v1/admin/roles</c>: all roles with what they permit.</summary>
internal sealed class ListRoles(RoleCatalogue roles)
{
    /// <param name="Permissions">Those of this server's own API; an application may use any others.</param>
    internal sealed record Answer(IReadOnlyList<RoleJson> Roles, IReadOnlyList<string> Permissions);

    [EndpointSummary("List roles")]
    [EndpointDescription("All roles with what they permit; `*` is everything. Needs `roles:read`.")]
    [Tags("Roles")]
    [Gives<Answer>(200, "The roles.", AdminExamples.Roles)]
    [Refuses(401, 403)]
    [TakesAccessToken]
    public Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Task.FromResult(Results.Json(new Answer([.. roles.Current.Roles.Select(RoleJson.Of)], Permission.OfThisServer), AdminJson.Default.ListRolesAnswer));
    }
}
