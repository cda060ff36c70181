using System.Net;
using System.Text.Json;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

/// <summary>Where tutorials contradict each other, this is what we do. The letters are the rows of our list of pitfalls.</summary>
public sealed class PitfallsOfContractsTests : ServerTests
{
    // A1
    [Theory]
    [InlineData("/register")]
    [InlineData("/login")]
    [InlineData("/token")]
    [InlineData("/users/signup")]
    [InlineData("/auth/login")]
    public async Task The_account_API_lives_under_one_prefix_only(string url) =>
        (await Client.PostJson(url, new { username = "alice", password = TestClient.Password })).MustBe(HttpStatusCode.NotFound, "not_found");

    // A2, A16
    [Theory]
    [InlineData("/api/v1/auth/token")]
    [InlineData("/api/v1/auth/login/form")]
    public async Task The_form_routes_take_forms_and_the_JSON_routes_JSON(string form)
    {
        await Client.Register("alice");

        (await Client.PostJson(form, new { username = "alice", password = TestClient.Password })).MustBe(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        (await Client.PostForm("/api/v1/auth/login", ("username", "alice"), ("password", TestClient.Password))).MustBe(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    // A3, B35
    [Fact]
    public async Task The_subject_is_the_users_id_and_never_the_address()
    {
        var id = (await Client.Register("alice")).Text("id");

        var tokens = await Client.SignIn("alice@example.test");

        Assert.Equal(id, tokens.Claims.Text("sub"));
        Assert.DoesNotContain("alice", tokens.Claims.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal('7', id[14]);   // UUIDv7
    }

    // A4
    [Fact]
    public async Task A_second_account_of_one_address_is_a_conflict()
    {
        await Client.Register("alice");

        (await Client.PostJson("/api/v1/auth/register", new { email = "alice@example.test", password = TestClient.Password })).MustBe(HttpStatusCode.Conflict, "email_taken");
    }

    // A6, A25
    [Fact]
    public async Task An_answer_with_tokens_has_all_four_members_and_the_type_bearer()
    {
        await Client.Register("alice");

        var answer = (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).Json;

        foreach (var member in (string[])["access_token", "refresh_token", "token_type", "expires_in"]) Assert.True(answer.TryGetProperty(member, out _), member);
        Assert.Equal("bearer", answer.Text("token_type"));
    }

    // A7
    [Fact]
    public async Task Both_usual_paths_of_the_profile_give_the_same_keys()
    {
        var tokens = await Client.Join("alice");

        Assert.Equal((await Client.Get("/api/v1/auth/me", tokens.AccessToken)).Text, (await Client.Get("/api/v1/users/me", tokens.AccessToken)).Text);
        foreach (var key in (string[])["id", "email", "username", "is_active", "created_at"]) Assert.True((await Client.Me(tokens)).Json.TryGetProperty(key, out _), key);
    }

    // A8, A9
    [Fact]
    public async Task Every_401_has_a_challenge()
    {
        await Client.Register("alice");

        foreach (var answer in (Answer[])[await Client.Get("/api/v1/users/me"), await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = "wrong" }), await Client.TryRefresh("garbage"), await Client.PostJson("/api/v1/auth/logout", new { })])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }

    // A10, B34
    [Fact]
    public async Task A_refresh_token_is_never_taken_from_the_URL()
    {
        var tokens = await Client.Join("alice");
        var url = "/api/v1/auth/refresh?refresh_token=" + tokens.RefreshToken;

        (await Client.PostRaw(url, null, "")).MustBe(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        (await Client.PostJson(url, new { })).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").MustNotEcho(tokens.RefreshToken);
        (await Client.PostForm(url)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
        (await Client.Get(url)).MustBe(HttpStatusCode.MethodNotAllowed, "method_not_allowed");

        Assert.Equal(1, await Server.Database.Read(statements => statements.Find("SELECT generation FROM sessions", static row => row.Long(0))));
    }

    // A17
    [Fact]
    public async Task A_deletion_is_answered_204_without_a_body()
    {
        var tokens = await Client.Join("alice");

        var answer = await Client.Delete($"/api/v1/auth/sessions/{tokens.SessionId}", tokens.AccessToken);

        Assert.Equal((HttpStatusCode.NoContent, 0), (answer.Status, answer.Body.Length));
    }

    // A18
    [Fact]
    public async Task Somebody_elses_session_is_answered_like_a_missing_one()
    {
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");

        var another = await Client.Delete($"/api/v1/auth/sessions/{bob.SessionId}", alice.AccessToken);
        var missing = await Client.Delete($"/api/v1/auth/sessions/{Guid.NewGuid()}", alice.AccessToken);

        another.MustBe(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(missing.Body, another.Body);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(bob)).Status);
    }

    // A19, B22
    [Fact]
    public async Task Times_in_tokens_are_seconds_of_UTC()
    {
        var claims = (await Client.Join("alice")).Claims;

        Assert.Equal(Server.Time.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(Server.Time.GetUtcNow().ToUnixTimeSeconds() + 900, claims.GetProperty("exp").GetInt64());
    }

    // A22
    [Fact]
    public async Task The_Authorize_button_of_Swagger_UI_points_to_the_form_route()
    {
        await Client.Register("alice");
        var schemes = (await Client.Get("/openapi.json")).Json.GetProperty("components").GetProperty("securitySchemes");
        var url = schemes.EnumerateObject().Single(scheme => scheme.Value.Text("type") == "oauth2").Value.GetProperty("flows").GetProperty("password").Text("tokenUrl");

        var answer = await Client.PostForm(url, ("grant_type", "password"), ("username", "alice"), ("password", TestClient.Password), ("client_id", ""), ("client_secret", ""));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(JsonValueKind.String, answer.Json.GetProperty("access_token").ValueKind);
    }

    // A23, B27
    [Fact]
    public async Task Two_tokens_of_one_second_differ_and_say_who_where_and_which()
    {
        await Client.Register("alice");
        var (one, other) = ((await Client.SignIn("alice")).Claims, (await Client.SignIn("alice")).Claims);

        Assert.NotEqual(one.Text("jti"), other.Text("jti"));
        Assert.Equal((TestServer.Issuer, TestServer.Issuer, "avouch"), (one.Text("iss"), one.Text("aud"), one.Text("client_id")));
    }

    // A24
    [Fact]
    public async Task An_error_is_a_problem_document_that_has_a_detail_too()
    {
        var problem = (await Client.Get("/api/v1/users/me")).MustBeProblem().Json;

        Assert.NotEmpty(problem.Text("detail"));
    }
}
