using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Http;

/// <summary>The headers that protect browsers: on every answer, whatever it is.</summary>
public sealed class SecurityHeaderTests : ServerTests
{
    private static readonly (string Name, string Value)[] Everywhere =
    [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ];

    public static TheoryData<string, string, int> Answers => new()
    {
        { "GET", "/api/v1/users/me", 401 },
        { "HEAD", "/health", 200 },
        { "GET", "/health/live", 200 },
        { "GET", "/ping", 200 },
        { "GET", "/.well-known/jwks.json", 200 },
        { "GET", "/.well-known/openid-configuration", 200 },
        { "GET", "/openapi.json", 200 },
        { "GET", "/nothing/here", 404 },
        { "GET", "/assets/nothing", 404 },
        { "DELETE", "/health", 405 },
        { "POST", "/api/v1/auth/login", 415 },
        { "POST", "/api/v1/auth/register", 415 },
    };

    [Theory]
    [Trait("ASVS", "3.4.3")]
    [Trait("ASVS", "3.4.4")]
    [Trait("ASVS", "3.4.5")]
    [Trait("ASVS", "3.4.6")]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_has_them(string method, string url, int status)
    {
        var answer = await Client.Send(new HttpRequestMessage(new HttpMethod(method), url));

        Assert.Equal(status, (int)answer.Status);
        MustBeGuarded(answer);
    }

    [Fact]
    [Trait("ASVS", "3.4.3")]
    public async Task So_have_answers_with_tokens_and_with_data_and_a_304()
    {
        await Client.Register("alice");
        var login = await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password });
        MustBeGuarded(login);
        MustBeGuarded(await Client.Me(Tokens.Of(login)));
        var unchanged = new HttpRequestMessage(HttpMethod.Get, "/.well-known/jwks.json");
        unchanged.Headers.TryAddWithoutValidation("If-None-Match", (await Client.Get("/.well-known/jwks.json")).Headers["ETag"]);

        var answer = await Client.Send(unchanged);

        Assert.Equal(HttpStatusCode.NotModified, answer.Status);
        MustBeGuarded(answer);
    }

    [Fact]
    [Trait("ASVS", "3.4.3")]
    public async Task An_error_that_nobody_caught_has_them_too()
    {
        await Server.Database.DisposeAsync();

        var answer = (await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password })).MustHaveProblem();

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        MustBeGuarded(answer);
    }

    [Theory]
    [Trait("ASVS", "3.4.3")]
    [Trait("ASVS", "3.4.6")]
    [Trait("ASVS", "3.4.8")]
    [InlineData("/docs", 301)]
    [InlineData("/docs/index.html", 200)]
    [InlineData("/docs/index.js", 200)]
    [InlineData("/docs/swagger-ui-bundle.js", 200)]
    [InlineData("/docs/nothing", 404)]
    public async Task The_page_of_the_API_runs_only_its_own_scripts(string url, int status)
    {
        var answer = await Client.Get(url);

        Assert.Equal(status, (int)answer.Status);
        var policy = answer.Headers["Content-Security-Policy"];
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-", policy, StringComparison.Ordinal);
        Assert.EndsWith("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("same-origin", answer.Headers["Cross-Origin-Opener-Policy"]);
        Assert.Contains("camera=()", answer.Headers["Permissions-Policy"], StringComparison.Ordinal);
        MustHave(answer, Everywhere);
    }

    /// <summary>Without that one hash the page would work, with a logo in black.</summary>
    [Fact]
    public async Task The_only_inline_style_of_that_page_is_the_one_that_its_policy_names()
    {
        const string Style = ".logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}";
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Style)));
        var page = await Client.Get("/docs/index.html");

        Assert.Contains($"style-src 'self' 'sha256-{hash}';", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains(Style, (await Client.Get("/docs/swagger-ui-standalone-preset.js")).Text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<style|style=|<script(?! src=)| on\w+=", page.Text);
    }

    [Fact]
    [Trait("ASVS", "3.2.1")]
    public async Task An_answer_opened_as_a_page_is_shown_as_data()
    {
        var answer = await Client.Send(new HttpRequestMessage(HttpMethod.Get, "/api/v1/users/me") { Headers = { { "Accept", "text/html" }, { "Sec-Fetch-Dest", "document" } } });

        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        MustBeGuarded(answer);
    }

    // B37
    [Fact]
    [Trait("ASVS", "13.4.5")]
    public async Task Without_documents_there_is_nothing_at_their_addresses_and_nobody_names_them()
    {
        await Restart(("AVOUCH_DOCS_ENABLED", "false"));

        var nothing = await Client.Get("/nothing/here");
        foreach (var url in (string[])["/docs", "/docs/", "/docs/index.html", "/docs/swagger-ui-bundle.js", "/openapi.json"])
        {
            var answer = (await Client.Get(url)).MustBe(HttpStatusCode.NotFound, "not_found");
            Assert.Equal(nothing.Text, answer.Text);
            Assert.Equal(nothing.Headers.Keys.Order(StringComparer.Ordinal), answer.Headers.Keys.Order(StringComparer.Ordinal));
        }
        var discovery = await Client.Get("/.well-known/openid-configuration");
        Assert.False(discovery.Json.TryGetProperty("service_documentation", out _));
        Assert.DoesNotContain("docs", discovery.Text, StringComparison.Ordinal);
    }

    private static void MustBeGuarded(Answer answer)
    {
        MustHave(answer, Everywhere);
        MustHave(answer, ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
        Assert.False(answer.Headers.ContainsKey("Server"));
    }

    private static void MustHave(Answer answer, params (string Name, string Value)[] headers) =>
        Assert.All(headers, header => Assert.Equal(header.Value, answer.Headers.GetValueOrDefault(header.Name)));
}
