using System.Net;
using System.Text.Json;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Auth;

public sealed class LoginTests : ServerTests
{
    private const string Url = "/api/v1/auth/login";

    [Theory]
    [InlineData("username", "alice")]
    [InlineData("username", "alice@example.test")]
    [InlineData("email", "alice@example.test")]
    [InlineData("email", "alice")]
    public async Task Name_or_address_signs_in_under_either_field_name(string field, string value)
    {
        await Client.Register("alice");

        var answer = await Client.PostJson(Url, new Dictionary<string, string> { [field] = value, ["password"] = TestClient.Password });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("bearer", answer.Json.Text("token_type"));
        Assert.Equal(15 * 60, answer.Json.GetProperty("expires_in").GetInt64());
        Assert.Equal(30 * 24 * 3600, answer.Json.GetProperty("refresh_expires_in").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(Tokens.Of(answer))).Status);
    }

    [Theory]
    [InlineData("/api/v1/auth/token")]
    [InlineData("/api/v1/auth/login/form")]
    public async Task A_form_signs_in_with_or_without_a_grant_type(string url)
    {
        await Client.Register("alice");

        var plain = await Client.PostForm(url, ("username", "alice"), ("password", TestClient.Password));
        var asOAuth = await Client.PostForm(url, ("grant_type", "password"), ("username", "alice@example.test"), ("password", TestClient.Password), ("scope", ""));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (plain.Status, asOAuth.Status));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(Tokens.Of(asOAuth))).Status);
    }

    [Theory]
    [InlineData("grant_type", "client_credentials")]
    [InlineData("scope", "openid")]
    [InlineData("scope", "avouch:account\"")]
    public async Task A_form_that_asks_for_something_else_is_refused_by_field(string field, string value)
    {
        await Client.Register("alice");

        var answer = await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", TestClient.Password), (field, value));

        Assert.Equal(field, answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").MustNotEcho(TestClient.Password).Fields());
        Assert.Equal(0, await Server.Count("sessions"));
    }

    [Fact]
    public async Task A_scope_in_the_form_narrows_the_token_and_never_widens_it()
    {
        var id = (await Client.Register("alice")).GetProperty("id").GetGuid();
        var asUser = await Token("avouch:account avouch:admin");
        await Server.Get<UserChanges>().SetRole(id, Role.Admin);
        var asAdmin = await Token("avouch:account avouch:admin");
        var narrowed = await Token("avouch:account");

        Assert.Equal("avouch:account", asUser.Claims.Text("scope"));
        Assert.Equal("avouch:account avouch:admin", asAdmin.Claims.Text("scope"));
        Assert.Equal("avouch:account", narrowed.Claims.Text("scope"));
        Assert.Equal("avouch:account", (await Client.Refresh(narrowed)).Claims.Text("scope"));
    }

    [Fact]
    public async Task A_token_without_the_account_scope_does_not_open_the_account()
    {
        var id = (await Client.Register("alice")).GetProperty("id").GetGuid();
        await Server.Get<UserChanges>().SetRole(id, Role.Admin);
        var tokens = await Token("avouch:admin");

        var answer = (await Client.Me(tokens)).MustBeProblem();

        Assert.Equal((HttpStatusCode.Forbidden, "insufficient_scope"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_scope_that_the_account_cannot_have_at_all_is_refused_and_begins_no_session()
    {
        await Client.Register("alice");

        var answer = await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", TestClient.Password), ("scope", "avouch:admin"));

        Assert.Equal("scope", answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
        Assert.Equal(0, await Server.Count("sessions"));
    }

    // ASVS 7.2.4
    [Fact]
    [Trait("ASVS", "7.2.2")]
    public async Task Each_sign_in_is_a_session_of_its_own()
    {
        var first = await Client.Join("alice");
        var second = await Client.SignIn("alice");

        Assert.NotEqual(first.SessionId, second.SessionId);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal(2, await Server.Count("sessions"));
        Assert.Equal(2, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.SignedIn));
    }

    [Fact]
    public async Task The_time_of_a_sign_in_is_shown_to_the_user()
    {
        await Client.Register("alice");
        Pass(TimeSpan.FromHours(1));
        var tokens = await Client.SignIn("alice");

        Assert.Equal(Server.Time.GetUtcNow(), (await Client.Me(tokens)).Json.GetProperty("last_login_at").GetDateTimeOffset());
    }

    [Fact]
    [Trait("ASVS", "6.2.10")]
    public async Task A_password_has_no_age()
    {
        await Client.Join("alice");

        Pass(TimeSpan.FromDays(3650));

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(await Client.SignIn("alice"))).Status);
    }

    [Fact]
    [Trait("ASVS", "6.4.2")]
    public async Task No_hint_and_no_question_stands_in_for_a_password()
    {
        var columns = await Server.Database.Read(statements => statements.List("SELECT name FROM pragma_table_info('users')", static row => row.Text(0)));
        var fields = Fields((await Client.Get("/openapi.json")).Json).ToList();

        Assert.Contains("password_hash", columns);
        Assert.Contains("password", fields);
        Assert.All(columns.Concat(fields), name => Assert.DoesNotMatch("hint|question|answer|secret", name));
    }

    [Theory]
    [InlineData("""{"password":"x"}""", "username")]
    [InlineData("""{"username":"","email":"","password":"x"}""", "username")]
    [InlineData("""{"username":" ","password":"x"}""", "username")]
    [InlineData("""{"username":"alice"}""", "password")]
    [InlineData("""{"username":"alice","password":""}""", "password")]
    [InlineData("{}", "password, username")]
    public async Task A_missing_field_is_named(string body, string fields)
    {
        var answer = await Client.PostRaw(Url, "application/json", body);

        Assert.Equal(fields, answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
    }

    [Fact]
    public async Task A_second_scope_in_one_form_is_refused_and_not_taken_for_none()
    {
        await Client.Register("alice");

        var answer = await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", TestClient.Password), ("scope", "avouch:account"), ("scope", "avouch:account"));

        answer.MustBe(HttpStatusCode.BadRequest, "invalid_form").MustNotEcho(TestClient.Password);
        Assert.Equal(0, await Server.Count("sessions"));
    }

    private async Task<Tokens> Token(string scope)
    {
        var answer = await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", TestClient.Password), ("scope", scope));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return Tokens.Of(answer);
    }

    /// <summary>The names of all members that the API takes or gives, wherever they stand in its description.</summary>
    private static IEnumerable<string> Fields(JsonElement document) => document.ValueKind switch
    {
        JsonValueKind.Object => document.EnumerateObject().SelectMany(member => Fields(member.Value).Concat(
            member.Name == "properties" ? member.Value.EnumerateObject().Select(field => field.Name) : [])),
        JsonValueKind.Array => document.EnumerateArray().SelectMany(Fields),
        _ => [],
    };
}
