using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

public sealed class RefreshTests : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private TestServer server = null!;
    private TestClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.Start();
        client = server.Client();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_refresh_brings_a_new_pair_of_the_same_session()
    {
        var first = await client.Join("alice");

        var second = await client.Refresh(first);

        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.NotEqual(first.AccessToken, second.AccessToken);
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.Equal(HttpStatusCode.OK, (await client.Me(second)).Status);
    }

    [Fact]
    public async Task A_repeat_inside_the_grace_gets_the_same_token_again()
    {
        var first = await client.Join("alice");
        var second = await client.Refresh(first);

        server.Time.Advance(Grace - TimeSpan.FromSeconds(1));
        var repeated = await client.Refresh(first);

        Assert.Equal(second.RefreshToken, repeated.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, (await client.TryRefresh(repeated.RefreshToken)).Status);
    }

    [Fact]
    public async Task A_used_token_after_the_grace_ends_the_session()
    {
        var first = await client.Join("alice");
        var second = await client.Refresh(first);

        server.Time.Advance(Grace);
        var replay = await client.TryRefresh(first.RefreshToken);

        Assert.Equal(HttpStatusCode.Unauthorized, replay.Status);
        Assert.Equal("invalid_refresh_token", replay.Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.TryRefresh(second.RefreshToken)).Status);
        Assert.Equal("session_ended", (await client.Me(second)).Code);
        var end = Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
        Assert.Equal(EndReason.Replay, end.Detail);
        Assert.Equal($"j-{end.Seq}", replay.Reason);
    }
}
