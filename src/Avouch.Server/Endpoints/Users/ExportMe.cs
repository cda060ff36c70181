using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary><c>GET /api/v1/users/me/export</c>: everything that is known of oneself, as a file.</summary>
internal sealed class ExportMe(UserAccounts users, PersonalData data)
{
    [EndpointSummary("Take my data")]
    [EndpointDescription("Everything that is stored about the signed-in user as one JSON file: the account, its roles, sessions, rows of the journal, and which mail was written. No password hash and no secret is in it.")]
    [Tags("Account")]
    [Gives(200, "The file.", "application/json")]
    [Refuses(401, 403, 404)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token) =>
        await users.Find(token.Subject) is { } user ? OwnDataFile.Of(http, user, data) : Problems.NotFound;
}
