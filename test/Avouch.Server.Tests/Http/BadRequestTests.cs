using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Http;

/// <summary>Whatever is sent to whichever endpoint: a refusal in the right form, no echo, no trace in the database.</summary>
public sealed class BadRequestTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Logout = "/api/v1/auth/logout";

    private static readonly (string Url, string Member)[] TakeJson =
        [("/api/v1/auth/register", "password"), ("/api/v1/auth/login", "password"), ("/api/v1/auth/refresh", "refresh_token"), (Logout, "refresh_token"),
         ("/api/v1/auth/password/change", "current_password"), ("/api/v1/auth/password/reset/request", "email"), ("/api/v1/auth/password/reset/confirm", "token"),
         ("/api/v1/auth/email/verification/confirm", "token"), ("/api/v1/auth/email/change/request", "new_email"), ("/api/v1/auth/email/change/confirm", "token"),
         ("/api/v1/auth/email/change/undo", "token")];

    private static readonly (string Url, string Member)[] TakeForms =
        [("/api/v1/auth/token", "password"), ("/api/v1/auth/login/form", "password"), ("/api/v1/auth/refresh", "refresh_token"), (Logout, "refresh_token")];

    public static MatrixTheoryData<string, string> JsonCases => new(TakeJson.Select(endpoint => endpoint.Url), BadBody.JsonNames);

    public static MatrixTheoryData<string, string> FormCases => new(TakeForms.Select(endpoint => endpoint.Url), BadBody.FormNames);

    [Theory]
    [MemberData(nameof(JsonCases))]
    public async Task A_bad_JSON_body_is_refused(string url, string name)
    {
        var (status, body) = BadBody.OfJson(name, TakeJson.Single(endpoint => endpoint.Url == url).Member);

        await MustRefuse(url, "application/json", body, status, name);
    }

    [Theory]
    [MemberData(nameof(FormCases))]
    public async Task A_bad_form_is_refused(string url, string name)
    {
        var (status, body) = BadBody.OfForm(name, TakeForms.Single(endpoint => endpoint.Url == url).Member);

        await MustRefuse(url, Form, body, status, name);
    }

    [Theory]
    [InlineData("/api/v1/auth/register", Form)]
    [InlineData("/api/v1/auth/login", Form)]
    [InlineData("/api/v1/auth/token", "application/json")]
    [InlineData("/api/v1/auth/login/form", "application/json")]
    [InlineData("/api/v1/auth/register", null)]
    [InlineData("/api/v1/auth/login", null)]
    [InlineData("/api/v1/auth/token", null)]
    [InlineData("/api/v1/auth/refresh", null)]
    [InlineData("/api/v1/auth/login", "text/plain")]
    [InlineData("/api/v1/auth/refresh", "text/plain")]
    [InlineData("/api/v1/auth/refresh", "multipart/form-data; boundary=x")]
    [InlineData("/api/v1/auth/token", "multipart/form-data; boundary=x")]
    [InlineData("/api/v1/auth/token", Form + "; charset=utf-7")]
    [InlineData("/api/v1/auth/logout", Form + "; charset=x-unicode-2-0-utf-7")]
    [InlineData("/api/v1/auth/refresh", Form + "; charset=utf-16")]
    [InlineData("/api/v1/auth/login", "application/jsonp")]
    [InlineData("/api/v1/auth/login", ";;;")]
    [InlineData("/api/v1/auth/logout", "text/plain")]
    [InlineData("/api/v1/auth/logout", "")]
    [InlineData("/api/v1/auth/password/reset/request", Form)]
    [InlineData("/api/v1/auth/password/reset/confirm", Form)]
    [InlineData("/api/v1/auth/email/verification/confirm", Form)]
    [InlineData("/api/v1/auth/email/change/confirm", "text/plain")]
    [InlineData("/api/v1/auth/email/change/undo", null)]
    public async Task Another_content_type_is_refused_with_415(string url, string? contentType)
    {
        var body = $"username=alice&password={BadBody.Secret}";

        var answer = await shared.Client.PostRaw(url, contentType, body);

        answer.MustBe(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type").MustNotEcho(BadBody.Secret);
    }

    [Theory]
    [InlineData("/api/v1/auth/register", "POST")]
    [InlineData("/api/v1/auth/login", "POST")]
    [InlineData("/api/v1/auth/login/form", "POST")]
    [InlineData("/api/v1/auth/token", "POST")]
    [InlineData("/api/v1/auth/refresh", "POST")]
    [InlineData("/api/v1/auth/logout", "POST")]
    [InlineData("/api/v1/auth/password/change", "POST")]
    [InlineData("/api/v1/auth/password/reset/request", "POST")]
    [InlineData("/api/v1/auth/password/reset/confirm", "POST")]
    [InlineData("/api/v1/auth/email/verification/request", "POST")]
    [InlineData("/api/v1/auth/email/verification/confirm", "POST")]
    [InlineData("/api/v1/auth/email/change/request", "POST")]
    [InlineData("/api/v1/auth/email/change/confirm", "POST")]
    [InlineData("/api/v1/auth/email/change/undo", "POST")]
    [InlineData("/reset-password", "GET, HEAD, POST")]
    [InlineData("/verify-email", "GET, HEAD, POST")]
    [InlineData("/change-email", "GET, HEAD, POST")]
    [InlineData("/undo-email-change", "GET, HEAD, POST")]
    [InlineData("/", "GET, HEAD")]
    [InlineData("/sign-up", "GET, HEAD, POST")]
    [InlineData("/sign-in", "GET, HEAD, POST")]
    [InlineData("/forgot-password", "GET, HEAD, POST")]
    [InlineData("/confirm", "GET, HEAD, POST")]
    [InlineData("/api/v1/auth/sessions", "GET, HEAD")]
    [InlineData("/api/v1/auth/sessions/01890000-0000-7000-8000-000000000000", "DELETE")]
    [InlineData("/api/v1/auth/me", "GET, HEAD")]
    [InlineData("/api/v1/users/me", "DELETE, GET, HEAD, PATCH")]
    [InlineData("/api/v1/users/me/status", "GET, HEAD")]
    [InlineData("/.well-known/jwks.json", "GET, HEAD")]
    [InlineData("/.well-known/openid-configuration", "GET, HEAD")]
    [InlineData("/health", "GET, HEAD")]
    [InlineData("/health/live", "GET, HEAD")]
    [InlineData("/health/ready", "GET, HEAD")]
    [InlineData("/api/v1/health", "GET, HEAD")]
    [InlineData("/api/v1/health/database", "GET, HEAD")]
    [InlineData("/ping", "GET, HEAD")]
    [InlineData("/openapi.json", "GET")]
    [Trait("ASVS", "13.4.4")]
    public async Task Another_method_is_refused_with_405_and_the_right_ones(string url, string allowed)
    {
        var before = await shared.CountRows();
        foreach (var method in ((string[])["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]).Except(allowed.Split(", ")))
        {
            var answer = await shared.Client.Send(new HttpRequestMessage(new HttpMethod(method), url), shared.Alice.AccessToken);

            answer.MustBe(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
            Assert.Equal(allowed, string.Join(", ", answer.Headers["Allow"].Split(", ").Order(StringComparer.Ordinal)));
        }
        Assert.Equal(before, await shared.CountRows());
    }

    /// <summary>It takes the host's five seconds of patience.</summary>
    [Fact]
    public async Task A_body_that_does_not_come_is_refused_with_408()
    {
        var answer = await RawConnection.Send(shared.Server.Url, $"POST /api/v1/auth/login HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: 100\n\n{{\"password\":\"{BadBody.Secret}");

        answer.MustBe(HttpStatusCode.RequestTimeout, "too_slow").MustNotEcho(BadBody.Secret);
    }

    [Theory]
    [InlineData("/api/v1/user")]
    [InlineData("/.git/config")]
    [InlineData("/api/v1/")]
    [InlineData("/appsettings.json")]
    [InlineData("/api/v1/auth")]
    [InlineData("/%FF%FE")]
    [InlineData("/.well-known/../api/v1/nothing")]
    [Trait("ASVS", "13.4.1")]
    [Trait("ASVS", "13.4.3")]
    public async Task What_is_not_there_is_answered_404(string url)
    {
        var answer = await shared.Client.Get(url);

        answer.MustBe(HttpStatusCode.NotFound, "not_found");
    }

    private async Task MustRefuse(string url, string contentType, byte[] body, int status, string name)
    {
        var before = await shared.CountRows();

        var answer = (await shared.Client.PostRaw(url, contentType, body, url == Logout ? null : shared.Alice.AccessToken)).MustBeProblem().MustNotEcho(BadBody.Secret);

        if (url == Logout && IsEnough(contentType, name)) answer.MustBe(HttpStatusCode.Unauthorized, "not_signed_in");
        else Assert.Equal(status, (int)answer.Status);
        Assert.Equal(before, await shared.CountRows());
        Assert.DoesNotContain(shared.Server.Logs.Lines, line => line.Contains(BadBody.Secret, StringComparison.Ordinal));
    }

    /// <summary>A logout needs no member of its body: without any it is only not signed in.</summary>
    private static bool IsEnough(string contentType, string name) =>
        name is "empty" or "nothing of use" or "nulls" || (contentType == Form && name is "JSON" or "empty fields");
}
