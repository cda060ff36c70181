using Avouch.Server.Http;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.AspNetCore.Routing;

namespace Avouch.Server.Tests.Races;

/// <summary>An access token that was good a moment ago is refused everywhere the moment its session has ended, and a restart forgets nothing.</summary>
public sealed class EndedSessionTests : IAsyncLifetime
{
    /// <summary>What anybody may call who is signed in, by routes that change nothing.</summary>
    private static readonly string[] Harmless =
        ["/api/v1/users/me", "/api/v1/auth/me", "/api/v1/users/me/status", "/api/v1/auth/sessions", "/api/v1/users/me/export"];

    /// <summary>Every route that wants a token, with something in the place of each id and name.</summary>
    private List<(string Method, string Path)> guarded = [];

    private TestServer server = null!;
    private TestClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.Start();
        client = server.Client();
        guarded = await FindGuarded();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    [Trait("ASVS", "7.2.1")]
    public void The_list_of_guarded_routes_is_that_of_the_guards()
    {
        var behindGuards = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Count(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is { NeedsToken: true, IsOfPage: false });

        Assert.Equal(behindGuards + 1, guarded.Count);   // logout looks for one of two tokens itself
        Assert.Contains(("POST", "/api/v1/admin/sessions/end"), guarded);
        Assert.All(Harmless, path => Assert.Contains(("GET", path), guarded));
    }

    [Fact]
    [Trait("ASVS", "7.4.1")]
    public Task After_a_sign_out() => AssertRefused("session_ended", tokens => client.Logout(tokens));

    [Fact]
    public Task After_a_sign_out_everywhere() => AssertRefused("session_ended", tokens => client.Logout(tokens, new { all = true }));

    [Fact]
    public Task After_a_sign_out_with_the_refresh_token() =>
        AssertRefused("session_ended", tokens => client.PostJson("/api/v1/auth/logout", new { refresh_token = tokens.RefreshToken }));

    [Fact]
    public Task After_the_session_was_ended_from_another_device() => AssertRefused("session_ended", async tokens =>
    {
        var other = await client.SignIn("alice");
        return await client.Delete($"/api/v1/auth/sessions/{tokens.SessionId}", other.AccessToken);
    });

    [Fact]
    public Task After_a_refresh_token_was_replayed() => AssertRefused("session_ended", async tokens =>
    {
        await client.Refresh(await client.Refresh(tokens));
        var replay = await client.TryRefresh(tokens.RefreshToken);
        Assert.Equal(401, (int)replay.Status);
        return await client.Get("/ping");
    });

    [Fact]
    public Task After_a_disable() => AssertRefused("session_ended", tokens => Change(changes => changes.Disable(UserOf(tokens))));

    [Fact]
    public Task After_a_password_change() =>
        AssertRefused("session_ended", tokens => Change(changes => changes.SetPassword(UserOf(tokens), "another")));

    [Fact]
    public Task After_a_role_change_until_it_is_refreshed() =>
        AssertRefused("token_stale", tokens => Change(changes => changes.SetRole(UserOf(tokens), Role.Admin)));

    [Fact]
    public async Task No_access_token_outlives_its_session()
    {
        await Restart(("AVOUCH_SESSION_MAX_DAYS", "1"), ("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", "120"));
        var tokens = await client.Join("alice");
        server.Time.Advance(TimeSpan.FromHours(23));
        tokens = await client.Refresh(tokens);
        server.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (int)(await client.Me(tokens)).Status);

        server.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("token_expired", (await client.Me(tokens)).Code);
        Assert.Equal(401, (int)(await client.TryRefresh(tokens.RefreshToken)).Status);
    }

    [Fact]
    public async Task The_token_of_a_late_repeat_is_remembered_for_as_long_as_it_lives()
    {
        await Restart(("AVOUCH_REFRESH_GRACE_SECONDS", "600"), ("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", "15"));
        var first = await client.Join("alice");
        await client.Refresh(first);
        server.Time.Advance(TimeSpan.FromSeconds(599));
        var repeated = await client.Refresh(first);
        await client.Logout(repeated);

        server.Time.Advance(TimeSpan.FromMinutes(14));   // longer than the token of the first refresh lives
        Assert.Equal("session_ended", (await client.Me(repeated)).Code);
        await Restart();
        Assert.Equal("session_ended", (await client.Me(repeated)).Code);
    }

    private async Task<List<(string Method, string Path)>> FindGuarded() =>
    [
        .. (await client.Get("/openapi.json")).Json.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, method) => (Method: method, Path: path.Name))
            .Where(route => route.Method.Name != "head" && route.Method.Value.TryGetProperty("security", out _))
            .Select(route => (route.Method.Name.ToUpperInvariant(), route.Path.Replace("{id}", Guid.Empty.ToString(), StringComparison.Ordinal).Replace("{name}", "nobody", StringComparison.Ordinal))),
    ];

    private async Task AssertRefused(string code, Func<Tokens, Task<Answer>> end)
    {
        var tokens = await client.Join("alice");
        foreach (var path in Harmless) Assert.Equal(200, (int)(await Send("GET", path, tokens)).Status);
        Assert.InRange((int)(await end(tokens)).Status, 200, 204);
        await AssertRefusedNow(code, tokens);

        await Restart();
        await AssertRefusedNow(code, tokens);

        server.Time.Advance(TimeSpan.FromMinutes(15));   // from now on the token refuses itself
        Assert.Equal("token_expired", (await client.Me(tokens)).Code);
    }

    private async Task Restart(params (string Name, string Value)[] settings)
    {
        await server.Restart(settings);
        client.Dispose();
        client = server.Client();
    }

    private async Task AssertRefusedNow(string code, Tokens tokens)
    {
        var before = (await server.Journal()).Count;
        foreach (var (method, path) in guarded)
        {
            var answer = await Send(method, path, tokens);
            Assert.Equal((401, code), ((int)answer.Status, answer.Code));
            Assert.Contains("invalid_token", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            Assert.StartsWith("j-", answer.Reason, StringComparison.Ordinal);   // the row that did it
        }
        Assert.Equal(before, (await server.Journal()).Count);
    }

    private async Task<Answer> Change(Func<UserChanges, ValueTask<UserChange>> change)
    {
        Assert.Equal(UserChange.Done, await change(server.Get<UserChanges>()));
        return await client.Get("/ping");
    }

    private Task<Answer> Send(string method, string path, Tokens tokens) =>
        client.Send(new HttpRequestMessage(new HttpMethod(method), path), tokens.AccessToken);

    private static Guid UserOf(Tokens tokens) => tokens.Claims.GetProperty("sub").GetGuid();
}
