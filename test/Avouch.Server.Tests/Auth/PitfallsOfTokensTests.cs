using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Avouch.Server.Keys;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

/// <summary>Faults of tutorials in tokens, sessions and settings, by the rows of our list of pitfalls, and what we do instead.</summary>
public sealed class PitfallsOfTokensTests : ServerTests
{
    // A11, B6
    [Fact]
    public async Task A_used_refresh_token_is_no_longer_good_and_its_reuse_ends_the_session()
    {
        var first = await Client.Join("alice");
        var second = await Client.Refresh(first);
        Pass(TimeSpan.FromSeconds(30));

        (await Client.TryRefresh(first.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.TryRefresh(second.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        (await Client.Me(second)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    // A12, B5, B21
    [Fact]
    [Trait("ASVS", "7.4.1")]
    public async Task Logout_ends_refresh_and_access()
    {
        var tokens = await Client.Join("alice");

        await Client.Logout(tokens);

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    // A21
    [Fact]
    public async Task A_token_is_checked_without_the_database_and_taken_back_all_the_same()
    {
        var alive = await Client.Join("alice");
        var ended = await Client.SignIn("alice");
        await Client.Logout(ended);
        await Client.Me(alive);
        await Server.Database.DisposeAsync();

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(alive)).Status);
        (await Client.Me(ended)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    // B20, B38
    [Fact]
    public async Task Garbage_at_logout_leaves_nothing_behind()
    {
        var rows = (await Server.Journal()).Count;

        for (var i = 0; i < 20; i++)
        {
            await Client.PostJson("/api/v1/auth/logout", new { refresh_token = $"garbage {i}" }, $"garbage.{i}.x");
            await Client.PostJson("/api/v1/auth/logout", new { refresh_token = $"garbage {i}" });
        }

        Assert.Equal(0, Server.Get<Avouch.ResourceServer.RevocationView>().Count);
        Assert.Equal((0L, rows), (await Server.Count("sessions"), (await Server.Journal()).Count));
    }

    // B23. ASVS 9.2.2
    [Theory]
    [InlineData("1")]
    [InlineData("alice@example.test")]
    [InlineData("")]
    public async Task A_subject_that_is_no_id_is_a_401_and_no_fault_of_ours(string subject)
    {
        var tokens = await Client.Join("alice");
        var claims = tokens.Claims.GetRawText().Replace(tokens.Claims.Text("sub"), subject, StringComparison.Ordinal);

        (await Client.Get("/api/v1/users/me", Sign(tokens.Header.GetRawText(), claims))).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
    }

    // B28, B1, B2
    [Theory]
    [Trait("ASVS", "9.2.2")]
    [InlineData("JWT")]
    [InlineData("dpop+jwt")]
    [InlineData("logout+jwt")]
    public async Task Another_kind_of_token_of_our_own_key_is_no_access_token(string type)
    {
        var tokens = await Client.Join("alice");
        var header = tokens.Header.GetRawText();

        Assert.Equal(HttpStatusCode.OK, (await Client.Get("/api/v1/users/me", Sign(header, tokens.Claims.GetRawText()))).Status);
        (await Client.Get("/api/v1/users/me", Sign(header.Replace("at+jwt", type, StringComparison.Ordinal), tokens.Claims.GetRawText()))).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
    }

    // B24. ASVS 11.6.1
    [Fact]
    public async Task Whoever_can_check_a_token_cannot_make_one()
    {
        var tokens = await Client.Join("alice");

        Assert.Equal("ES256", tokens.Header.Text("alg"));
        var key = (await Client.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().Single(key => key.Text("kid") == tokens.Header.Text("kid"));
        Assert.Equal(("EC", "P-256"), (key.Text("kty"), key.Text("crv")));
        Assert.False(key.TryGetProperty("d", out _));
    }

    // B32
    [Fact]
    [Trait("ASVS", "9.1.2")]
    public async Task The_public_key_is_no_secret_of_HS256()
    {
        var tokens = await Client.Join("alice");
        var jwk = (await Client.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().Single(key => key.Text("kid") == tokens.Header.Text("kid")).GetRawText();
        var content = Encode(tokens.Header.GetRawText().Replace("ES256", "HS256", StringComparison.Ordinal)) + "." + tokens.AccessToken.Split('.')[1];
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(jwk), Encoding.ASCII.GetBytes(content));

        (await Client.Get("/api/v1/users/me", $"{content}.{Base64Url.EncodeToString(mac)}")).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
    }

    // B25
    [Fact]
    [Trait("ASVS", "6.3.2")]
    [Trait("ASVS", "13.2.3")]
    public async Task There_is_no_secret_and_no_account_that_everybody_knows()
    {
        await using var other = await TestServer.Start();
        using var otherClient = other.Client();

        Assert.Equal(0, await Server.Count("users"));
        var tokens = await Client.Join("alice");
        await otherClient.Join("alice");
        (await otherClient.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
        (await otherClient.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    // B26
    [Fact]
    public void A_missing_secret_is_told_at_the_start()
    {
        var (settings, faults) = AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_ALGORITHM"] = "HS256" }));

        Assert.Null(settings);
        Assert.Equal("AVOUCH_JWT_SECRET", Assert.Single(faults).Name);
    }

    // B11
    [Fact]
    public void Development_is_never_the_default() =>
        Assert.Equal(DeploymentEnvironment.Production, AvouchSettings.Read(new SettingsSource()).Settings!.Server.Environment);

    // B31
    [Fact]
    [Trait("ASVS", "14.2.2")]
    [Trait("ASVS", "14.3.2")]
    public async Task Answers_with_tokens_are_never_stored()
    {
        await Client.Register("alice");
        var login = await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password });
        var form = await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", TestClient.Password));
        var refresh = await Client.TryRefresh(login.Json.Text("refresh_token"));

        foreach (var answer in (Answer[])[login, form, refresh]) Assert.Equal(("no-store", "no-cache"), (answer.Headers["Cache-Control"], answer.Headers["Pragma"]));
    }

    // B33
    [Fact]
    [Trait("ASVS", "16.3.4")]
    [Trait("ASVS", "16.5.1")]
    [Trait("ASVS", "16.5.3")]
    public async Task A_failing_database_is_our_fault_and_signs_nobody_out()
    {
        var tokens = await Client.Join("alice");
        await Server.Database.Write(transaction => transaction.Execute("ALTER TABLE sessions RENAME TO elsewhere"));

        var answer = (await Client.TryRefresh(tokens.RefreshToken)).MustHaveProblem().MustNotEcho("sessions", "sqlite", tokens.RefreshToken);

        Assert.Equal((HttpStatusCode.InternalServerError, "server_fault"), (answer.Status, answer.Code));
        Assert.Contains(Server.Logs.Lines, line => line.Contains(answer.Reason![2..], StringComparison.Ordinal));   // the reason leads to a log entry
        await Server.Database.Write(transaction => transaction.Execute("ALTER TABLE elsewhere RENAME TO sessions"));
        await Client.Refresh(tokens);
    }

    // B36
    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/token")]
    public async Task The_password_grant_is_no_grant_of_OAuth_here(string url) =>
        (await Client.PostForm(url, ("grant_type", "password"), ("username", "alice"), ("password", TestClient.Password))).MustBe(HttpStatusCode.NotFound, "not_found");

    /// <summary>A token that the server's own key signs, whatever stands in it.</summary>
    private string Sign(string header, string claims)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Server.Get<SigningKeys>().Current.Signer.ExportPrivate(), out _);
        var content = $"{Encode(header)}.{Encode(claims)}";
        return $"{content}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
