using System.Net;
using Avouch.Protocol;
using Avouch.Server.Keys;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Http;

/// <summary>Every endpoint that needs an access token, against everything that is none.</summary>
public sealed class BadTokenTests(SharedServer shared) : IClassFixture<SharedServer>
{
    public static TheoryData<string, string> Guarded => new()
    {
        { "GET", "/api/v1/auth/me" },
        { "GET", "/api/v1/users/me" },
        { "GET", "/api/v1/users/me/status" },
        { "GET", "/api/v1/auth/sessions" },
        { "DELETE", "/api/v1/auth/sessions/01890000-0000-7000-8000-000000000000" },
        { "POST", "/api/v1/auth/logout" },
    };

    // ASVS 7.2.1, 9.1.1
    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Without_a_token_there_is_a_bare_challenge(string method, string url)
    {
        var good = shared.Alice.AccessToken;
        string?[] headers = [null, "Bearer", "Bearer ", "Basic YWxpY2U6c2VjcmV0", $"Token {good}", good, $"Bearer\t{good}", $"Bearer {good} {good}", $"Bearer {good}, Bearer {good}", "Bearer \"x\""];
        foreach (var header in headers)
        {
            var answer = (await Ask(method, url, header)).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");
            Assert.Equal("Bearer realm=\"avouch\"", answer.Headers["WWW-Authenticate"]);   // RFC 6750 §3.1: no error where no token was sent
        }
    }

    // ASVS 9.1.1, 9.1.2
    [Theory]
    [Trait("ASVS", "7.2.1")]
    [MemberData(nameof(Guarded))]
    public async Task A_token_that_is_not_ours_is_named_invalid_and_not_repeated(string method, string url)
    {
        var before = await shared.CountRows();
        var parts = shared.Alice.AccessToken.Split('.');
        string[] tokens =
        [
            "garbage", "a.b.c", "....", new string('x', 20_000), shared.Alice.RefreshToken,
            $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}.{parts[2][..^4]}AAAA", $"{parts[0]}.{parts[1]}.{parts[2]}=",
            $"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{parts[1]}.", $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[2]}",
        ];
        foreach (var token in tokens)
        {
            var answer = (await Ask(method, url, "Bearer " + token)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
            Assert.Contains("error=\"invalid_token\"", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            if (token.Length > 10) answer.MustNotEcho(token, parts[1]);
        }
        Assert.Equal(before, await shared.CountRows());
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task A_token_in_the_URL_or_in_a_form_is_no_token(string method, string url)
    {
        var inUrl = await Ask(method, $"{url}?access_token={shared.Alice.AccessToken}&token={shared.Alice.AccessToken}", null);
        inUrl.MustBe(HttpStatusCode.Unauthorized, "not_signed_in").MustNotEcho(shared.Alice.AccessToken);

        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("access_token", shared.Alice.AccessToken)]);
        (await shared.Client.Send(request)).MustBe(HttpStatusCode.Unauthorized, "not_signed_in");
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Of_two_Authorization_headers_neither_counts(string method, string url)
    {
        var good = shared.Alice.AccessToken;

        var answer = await RawConnection.Send(shared.Server.Url, $"{method} {url} HTTP/1.1\nHost: localhost\nConnection: close\nAuthorization: Bearer {good}\nAuthorization: Bearer {good}\n\n");

        answer.MustBe(HttpStatusCode.Unauthorized, "not_signed_in").MustNotEcho(good);
    }

    // ASVS 9.2.2
    [Theory]
    [Trait("ASVS", "9.2.3")]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("future")]
    [InlineData("key")]
    public async Task A_token_for_somebody_else_is_refused(string fault)
    {
        var now = shared.Server.Time.GetUtcNow();
        using var foreign = SigningKey.Generate(JwsAlgorithm.ES256);
        var good = new AccessToken
        {
            Issuer = TestServer.Issuer,
            Subject = shared.Alice.Claims.GetProperty("sub").GetGuid(),
            Audiences = [TestServer.Issuer],
            ClientId = TokenIssuer.FirstParty,
            SessionId = shared.Alice.SessionId,
            Epoch = 1,
            TokenId = Guid.CreateVersion7(now),
            Scope = Scope.Of(TokenIssuer.AccountScope),
            Roles = ["user"],
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(5),
            AuthenticatedAt = now,
        };
        var signer = shared.Server.Get<SigningKeys>().Current.Signer;
        var bad = fault switch
        {
            "audience" => (good with { Audiences = ["https://other.example.test"] }).Mint(signer),
            "issuer" => (good with { Issuer = "https://other.example.test" }).Mint(signer),
            "future" => (good with { IssuedAt = now.AddMinutes(2) }).Mint(signer),
            _ => good.Mint(foreign),
        };

        Assert.Equal(HttpStatusCode.OK, (await Ask("GET", "/api/v1/users/me", "Bearer " + good.Mint(signer))).Status);
        (await Ask("GET", "/api/v1/users/me", "Bearer " + bad)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task The_name_of_the_scheme_has_no_case() =>
        Assert.Equal(HttpStatusCode.OK, (await Ask("GET", "/api/v1/users/me", "bEARER " + shared.Alice.AccessToken)).Status);

    [Theory]
    [InlineData("x")]
    [InlineData("01890000000070008000000000000000")]
    [InlineData("{01890000-0000-7000-8000-000000000000}")]
    [InlineData("01890000-0000-7000-8000-000000000000")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task A_session_that_is_not_there_is_answered_404(string id)
    {
        var before = await shared.CountRows();

        (await shared.Client.Delete("/api/v1/auth/sessions/" + id, shared.Alice.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");

        Assert.Equal(before, await shared.CountRows());
    }

    [Fact]
    public async Task A_zero_byte_in_the_URL_is_refused_before_anybody_reads_it() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await shared.Client.Delete("/api/v1/auth/sessions/%00", shared.Alice.AccessToken)).Status);

    [Theory]
    [InlineData("/api/v1/users/me")]
    [InlineData("/api/v1/auth/login")]
    [InlineData("/ping")]
    public async Task Headers_beyond_all_measure_are_refused_before_anybody_reads_them(string url)
    {
        var answer = await RawConnection.Send(shared.Server.Url, $"GET {url} HTTP/1.1\nHost: localhost\nConnection: close\nAuthorization: Bearer {new string('x', 40_000)}\n\n");

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.Status);
    }

    private Task<Answer> Ask(string method, string url, string? authorization)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (authorization is not null) Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
        return shared.Client.Send(request);
    }
}
