using System.Net;
using System.Net.Http.Json;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>Every route of administration against everybody who might knock.</summary>
public sealed class PermissionMatrixTests : ServerTests
{
    private sealed record Route(string Method, string Path, string Needs, bool NeedsRecentSignIn, object? Body = null);

    private static readonly Route[] Routes =
    [
        new("GET", "/api/v1/users", Permission.UsersRead, false),
        new("POST", "/api/v1/users", Permission.UsersWrite, false, new { email = "new@example.test", password = TestClient.Password }),
        new("GET", "/api/v1/users/stats/count", Permission.UsersRead, false),
        new("DELETE", "/api/v1/users/{id}", Permission.UsersWrite, true),
        new("POST", "/api/v1/admin/users/{id}/disable", Permission.UsersWrite, true),
        new("POST", "/api/v1/admin/users/{id}/enable", Permission.UsersWrite, true),
        new("POST", "/api/v1/admin/users/{id}/password/reset", Permission.UsersRecover, true),
        new("POST", "/api/v1/admin/users/{id}/unlock", Permission.UsersWrite, true),
        new("POST", "/api/v1/admin/users/{id}/sessions/end", Permission.SessionsWrite, true),
        new("POST", "/api/v1/admin/sessions/end", "admin", true),
        new("GET", "/api/v1/admin/journal", Permission.JournalRead, false),
        new("GET", "/api/v1/admin/mail", Permission.MailRead, false),
        new("POST", "/api/v1/admin/mail/{id}/retry", Permission.MailWrite, true),
        new("GET", "/api/v1/admin/roles", Permission.RolesRead, false),
        new("POST", "/api/v1/admin/roles", Permission.RolesWrite, true, new { name = "editor" }),
        new("PATCH", "/api/v1/admin/roles/clerk", Permission.RolesWrite, true, new { description = "one" }),
        new("DELETE", "/api/v1/admin/roles/clerk", Permission.RolesWrite, true),
    ];

    [Fact]
    [Trait("ASVS", "8.2.1")]
    [Trait("ASVS", "8.3.1")]
    public async Task Nobody_gets_through_without_the_permission_and_nothing_happens()
    {
        await Server.AddRole("clerk");
        await Server.AddRole("stranger", "orders:read", "users:rea");
        var victim = await Client.Join("victim");
        var knockers = new (string Name, string? Token, HttpStatusCode Status, string Code)[]
        {
            ("nobody", null, HttpStatusCode.Unauthorized, "not_signed_in"),
            ("user", (await Client.Join("plain")).AccessToken, HttpStatusCode.Forbidden, "missing_"),
            ("other permissions", (await Server.JoinAs(Client, "odd", "user", "stranger")).AccessToken, HttpStatusCode.Forbidden, "missing_"),
            ("guest", (await Server.JoinAs(Client, "guest1", "guest")).AccessToken, HttpStatusCode.Forbidden, "missing_"),
            ("demoted", await Demoted(), HttpStatusCode.Unauthorized, "token_stale"),
            ("disabled", await Disabled(), HttpStatusCode.Unauthorized, "session_ended"),
            ("narrow", await Narrow(), HttpStatusCode.Forbidden, "insufficient_scope"),
        };
        var before = (await Server.Journal())[^1].Seq;

        foreach (var route in Routes)
            foreach (var (name, token, status, code) in knockers)
            {
                var answer = await Send(route, victim.Id(), token);
                answer.MustBeProblem();
                var isExpected = answer.Status == status && answer.Code!.StartsWith(code, StringComparison.Ordinal);
                // whoever lists without users:read is no administrator, whatever the scope says
                Assert.True(isExpected || (name == "narrow" && route.Path == "/api/v1/users" && answer.Code == "missing_permission"), $"{name} at {route.Method} {route.Path}: {answer.Status} {answer.Code}");
                if (answer.Code!.StartsWith("missing_", StringComparison.Ordinal)) Assert.Contains(route.Needs, answer.Json.Text("detail"), StringComparison.Ordinal);
            }

        Assert.Empty(await Server.Journal(before));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(victim)).Status);
    }

    [Fact]
    [Trait("ASVS", "7.5.1")]
    public async Task What_destroys_something_needs_a_sign_in_of_the_last_ten_minutes()
    {
        await Server.AddRole("clerk");
        var victim = await Client.Join("victim");
        var admin = await Server.JoinAs(Client, "root", Role.Admin);
        var late = Routes.Where(route => route.NeedsRecentSignIn).ToArray();

        Pass(TimeSpan.FromSeconds(600));
        foreach (var route in late)
        {
            var answer = (await Send(route, victim.Id(), admin.AccessToken)).MustBe(HttpStatusCode.Unauthorized, "recent_sign_in_needed");
            Assert.Contains("error=\"insufficient_user_authentication\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            Assert.Contains("max_age=\"600\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
        var refreshed = await Client.Refresh(admin);   // a refresh is no sign-in
        Assert.Equal("recent_sign_in_needed", (await Send(late[0], victim.Id(), refreshed.AccessToken)).Code);
        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/api/v1/users", refreshed.AccessToken)).Status);

        var again = await Client.SignIn("root");
        Pass(TimeSpan.FromSeconds(599));
        Assert.Equal(HttpStatusCode.OK, (await Client.Post($"/api/v1/admin/users/{victim.Id()}/disable", again.AccessToken)).Status);
    }

    [Theory]
    [InlineData("GET", "/api/v1/users", Permission.UsersRead)]
    [InlineData("GET", "/api/v1/users/stats/count", Permission.UsersRead)]
    [InlineData("POST", "/api/v1/admin/users/{id}/sessions/end", Permission.SessionsWrite)]
    [InlineData("GET", "/api/v1/admin/journal", Permission.JournalRead)]
    [InlineData("GET", "/api/v1/admin/mail", Permission.MailRead)]
    [InlineData("GET", "/api/v1/admin/roles", Permission.RolesRead)]
    [InlineData("POST", "/api/v1/admin/users/{id}/disable", Permission.UsersWrite)]
    [Trait("ASVS", "8.2.1")]
    public async Task A_role_with_one_permission_opens_its_routes_and_no_other(string method, string path, string permission)
    {
        await Server.AddRole("clerk");
        await Server.AddRole("support", permission);
        var victim = await Client.Join("victim");
        var support = await Server.JoinAs(Client, "helper", "user", "support");

        Assert.Contains("avouch:admin", support.Claims.Text("scope"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Send(new Route(method, path, permission, false), victim.Id(), support.AccessToken)).Status);
        foreach (var route in Routes.Where(route => route.Needs != permission))
            Assert.StartsWith("missing_", (await Send(route, victim.Id(), support.AccessToken)).MustBeProblem().Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_permission_that_is_taken_or_given_counts_for_the_very_next_request_of_the_same_token()
    {
        await Server.AddRole("support", Permission.UsersRead);
        var support = await Server.JoinAs(Client, "helper", "support");
        var roles = Server.Get<RoleCatalogue>();
        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/api/v1/users", support.AccessToken)).Status);

        await roles.Update("support", new RolePatch([Permission.JournalRead]));
        (await Client.Get("/api/v1/users", support.AccessToken)).MustBe(HttpStatusCode.Forbidden, "missing_permission");
        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/api/v1/admin/journal", support.AccessToken)).Status);

        await Restart();
        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/api/v1/admin/journal", support.AccessToken)).Status);
        (await Client.Get("/api/v1/users", support.AccessToken)).MustBe(HttpStatusCode.Forbidden, "missing_permission");
    }

    [Fact]
    public async Task Ids_that_nobody_has_and_no_ids_are_not_there()
    {
        var admin = await Server.JoinAs(Client, "root", Role.Admin);

        foreach (var id in (string[])[Guid.CreateVersion7().ToString(), "1", "me2"])
        {
            (await Client.Get($"/api/v1/users/{id}", admin.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
            (await Client.Delete($"/api/v1/users/{id}", admin.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
            (await Client.Patch($"/api/v1/users/{id}", new { full_name = "x" }, admin.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
            foreach (var action in (string[])["disable", "enable", "sessions/end"])
                (await Client.Post($"/api/v1/admin/users/{id}/{action}", admin.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
        }
    }

    private Task<Answer> Send(Route route, Guid id, string? token) => Client.Send(
        new HttpRequestMessage(new HttpMethod(route.Method), route.Path.Replace("{id}", id.ToString(), StringComparison.Ordinal)) { Content = route.Body is null ? null : JsonContent.Create(route.Body) }, token);

    private async Task<string> Demoted()
    {
        var tokens = await Server.JoinAs(Client, "former", Role.Admin);
        await Server.Get<UserChanges>().SetRole(tokens.Id(), Role.User);
        return tokens.AccessToken;
    }

    private async Task<string> Disabled()
    {
        var tokens = await Server.JoinAs(Client, "gone", Role.Admin);
        await Server.Get<UserChanges>().Disable(tokens.Id());
        return tokens.AccessToken;
    }

    private async Task<string> Narrow()
    {
        await Server.JoinAs(Client, "careful", Role.Admin);
        var answer = await Client.PostForm("/api/v1/auth/token", ("username", "careful"), ("password", TestClient.Password), ("scope", "avouch:account"));
        return Tokens.Of(answer).AccessToken;
    }
}
