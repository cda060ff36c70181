using System.Globalization;
using System.Text;
using Avouch.Server.Http;
using Avouch.Server.Roles;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Routing;

namespace Avouch.Server.Tests.House;

/// <summary>docs/authorization.md: who may call what, made of the guards that stand in front of the routes.</summary>
public sealed class AuthorizationDocumentTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Introduction =
        """
        # Who may do what

        Made by `eng/documents` from the guards of the routes. Do not edit.

        Permissions come from roles; `admin` has all of them, custom roles those that they are given (`avouch roles`, `/api/v1/admin/roles`).

        | column | says |
        | --- | --- |
        | token | an access token of this server's own sign-in is needed |
        | needs | a permission, or a role; *more with*: without it, the route is about oneself alone |
        | recent | a sign-in at most 10 minutes old is needed |
        | verified | from which value of `AVOUCH_REQUIRE_VERIFIED_EMAIL` on a verified e-mail address is needed |

        Fields: people may change `username`, `full_name` and `locale` of themselves, and nothing else by `PATCH`; `email` and the password have routes of their own. With `users:write` also those of others and
        `is_active`, and with `users:recover` beside it `email`, since whoever chooses where mail goes can have a new password mailed; `role` and `roles` need `roles:write`. Nobody changes, shuts out or deletes somebody who may do more than they, and nobody gives a role that may do more ([decision 110](decisions/0110-roles-and-permissions.md)).
        Of other people `users:read` shows everything that `GET /api/v1/users/me` shows of oneself; with `AVOUCH_MEMBERS_SEE_NAMES` everybody who is signed in sees `id`, `username` and `full_name` of active users.

        | route | token | needs | recent | verified |
        | --- | --- | --- | --- | --- |

        """;

    private const string OfPages =
        """

        ## Pages

        The same rules for people at a browser, who have a session in a cookie and no token. Who is not signed in is led to the sign-in, whose sign-in is too old to the password once more; every POST takes a form of our own pages only
        ([decision 122](decisions/0122-what-a-browser-may-send.md)).

        | page | session | needs | recent | verified |
        | --- | --- | --- | --- | --- |

        """;

    [Fact]
    [Trait("ASVS", "8.1.1")]
    [Trait("ASVS", "8.1.2")]
    public void Who_may_call_what_is_documented()
    {
        var text = Introduction.ReplaceLineEndings("\n") + string.Concat(Rows(ofPages: false).Order(StringComparer.Ordinal)) + "\n" + Permissions()
            + OfPages.ReplaceLineEndings("\n") + string.Concat(Rows(ofPages: true).Order(StringComparer.Ordinal));

        var found = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts/docs"));
        File.WriteAllText(Path.Combine(found.FullName, "authorization.md"), text);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "docs/authorization.md")) && Repository.Read("docs/authorization.md") == text, "docs/authorization.md is not what the code says. Run eng/documents.");
    }

    [Fact]
    public void Every_route_of_administration_wants_a_permission_or_a_role() => Assert.All(
        shared.Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.RoutePattern.RawText!.Contains("/admin", StringComparison.Ordinal)),
        endpoint => Assert.True(endpoint.Metadata.GetMetadata<AccessRule>()!.IsAdministrative, endpoint.RoutePattern.RawText));

    private IEnumerable<string> Rows(bool ofPages) =>
        from endpoint in shared.Server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let rule = endpoint.Metadata.GetMetadata<AccessRule>()
        where rule is not null && rule.IsOfPage == ofPages
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        where method != "HEAD"
        select string.Create(CultureInfo.InvariantCulture, $"| `/{endpoint.RoutePattern.RawText!.TrimStart('/')}` {method} | {(rule.NeedsToken ? "yes" : "")} | {Needs(rule)} | {(rule.NeedsRecentSignIn ? "yes" : "")} | {Verified(rule)} |\n");

    private static string Needs(AccessRule rule) => rule switch
    {
        { Permission: { } permission } => $"`{permission}`",
        { Role: { } role } => $"role `{role}`",
        { IsForAdministrators: true } => "any permission of administration",
        { Widening: { } widening } => $"more with `{widening}`",
        _ => "",
    };

    private static string Verified(AccessRule rule) => rule.Group == VerifiedGroup.None ? "" : $"`{rule.Group.ToString().ToLowerInvariant()}`";

    private static string Permissions() => new StringBuilder("Permissions of this server: ")
        .AppendJoin(", ", Permission.OfThisServer.Select(permission => $"`{permission}`")).Append(".\n").ToString();
}
