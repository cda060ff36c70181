using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Avouch.Protocol;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Races;

/// <summary>What a rotation does with tokens that are genuine, and yet not the newest, not this client's, or not of this database's time.</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private const int Chain = 12;

    private TestServer server = null!;
    private TestClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.Start();
        client = server.Client();
        await client.Register("alice");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    public static TheoryData<int> OldGenerations => [.. Enumerable.Range(1, Chain - 2)];

    [Theory]
    [MemberData(nameof(OldGenerations))]
    public async Task Every_old_generation_of_a_chain_ends_the_session(int generation)
    {
        var chain = await MakeChain();
        var (rows, journal) = (await server.Count("sessions"), await LastSeq());

        var replay = await client.TryRefresh(chain[generation - 1].RefreshToken);

        var end = Assert.Single(await server.Journal(journal));
        Assert.Equal((JournalKind.SessionEnded, EndReason.Replay, chain[0].SessionId), (end.Kind, end.Detail, end.SessionId));
        Assert.Equal((401, $"j-{end.Seq}"), ((int)replay.Status, replay.Reason));
        Assert.Equal(rows, await server.Count("sessions"));
        foreach (var tokens in chain)
        {
            Assert.Equal("session_ended", (await client.Me(tokens)).Code);
            Assert.Equal($"j-{end.Seq}", (await client.TryRefresh(tokens.RefreshToken)).Reason);
        }
        Assert.Equal(end.Seq, await LastSeq());   // being refused is not worth a row each time
    }

    [Fact]
    public async Task The_previous_generation_inside_the_grace_is_the_only_old_one_that_counts()
    {
        var chain = await MakeChain();

        Assert.Equal(chain[^1].RefreshToken, (await client.Refresh(chain[^2])).RefreshToken);
        Assert.Equal(200, (int)(await client.Me(chain[0])).Status);
    }

    [Fact]
    public async Task A_long_chain_leaves_one_session_row_and_no_journal_row()
    {
        var tokens = await client.SignIn("alice");
        var journal = await LastSeq();

        for (var i = 0; i < 200; i++) tokens = await client.Refresh(tokens);

        Assert.Equal((1, journal), (await server.Count("sessions"), await LastSeq()));
    }

    [Fact]
    public async Task A_token_of_another_client_is_refused_and_ends_nothing()
    {
        var tokens = await client.SignIn("alice");
        var journal = await LastSeq();
        foreach (var other in new[] { "another", "Avouch", "avouch ", "" })
        {
            var rotated = await server.Get<Rotation>().Rotate(Read(tokens), other, server.Get<TokenIssuer>().AccessUntil(), default);
            Assert.Equal((RefreshRefusal.OtherClient, null, null), (rotated.Refusal, rotated.Grant, rotated.Cause));
        }
        Assert.Equal(journal, await LastSeq());
        Assert.Equal(2, Read(await client.Refresh(tokens)).Generation);
    }

    [Fact]
    public async Task A_token_from_the_future_of_a_restored_database_is_refused_journaled_once_and_ends_nothing()
    {
        var old = await client.SignIn("alice");
        await Restart(folder => File.Copy(Path.Combine(folder, "avouch.db"), Path.Combine(folder, "copy.db")));
        var ahead = await client.Refresh(await client.Refresh(old));

        await Restart(folder => File.Copy(Path.Combine(folder, "copy.db"), Path.Combine(folder, "avouch.db"), overwrite: true));
        var journal = await LastSeq();
        var refused = await client.TryRefresh(ahead.RefreshToken);
        var again = await client.TryRefresh(ahead.RefreshToken);

        var alarm = Assert.Single(await server.Journal(journal));
        Assert.Equal((JournalKind.DatabaseWentBack, old.SessionId, "presented 3, stored 1"), (alarm.Kind, alarm.SessionId, alarm.Detail));
        Assert.Equal((401, $"j-{alarm.Seq}"), ((int)refused.Status, refused.Reason));
        Assert.Equal(refused.Reason, again.Reason);
        Assert.Equal(200, (int)(await client.Me(ahead)).Status);   // the person stays signed in …
        Assert.Equal(2, Read(await client.Refresh(old)).Generation);   // … and so does a client that the restore did not overtake
    }

    [Fact]
    public async Task A_repeat_from_another_address_is_answered_and_journaled_once()
    {
        var first = await client.SignIn("alice");
        var second = await client.Refresh(first);
        var journal = await LastSeq();

        Assert.Equal(second.RefreshToken, await RefreshFrom("127.0.0.2", first));
        Assert.Equal(second.RefreshToken, await RefreshFrom("127.0.0.2", first));
        Assert.Equal(second.RefreshToken, (await client.Refresh(first)).RefreshToken);   // from where it was refreshed: nothing to say

        var note = Assert.Single(await server.Journal(journal));
        Assert.Equal((JournalKind.RepeatedElsewhere, "127.0.0.2", first.SessionId), (note.Kind, note.Address, note.SessionId));
        Assert.Equal(second.RefreshToken, await RefreshFrom("127.0.0.3", first));
        Assert.Equal("127.0.0.3", Assert.Single(await server.Journal(note.Seq)).Address);
    }

    [Fact]
    public async Task A_refresh_from_another_address_is_nothing_to_journal()
    {
        var tokens = await client.SignIn("alice");
        var journal = await LastSeq();

        await RefreshFrom("127.0.0.2", tokens);

        Assert.Equal(journal, await LastSeq());
    }

    private async Task<List<Tokens>> MakeChain()
    {
        var chain = new List<Tokens> { await client.SignIn("alice") };
        while (chain.Count < Chain) chain.Add(await client.Refresh(chain[^1]));
        return chain;
    }

    private async Task Restart(Action<string> meanwhile)
    {
        await server.Restart(meanwhile);
        client.Dispose();
        client = server.Client();
    }

    private async Task<long> LastSeq() => (await server.Journal()).Max(entry => entry.Seq);

    private RefreshToken Read(Tokens tokens)
    {
        Assert.True(RefreshToken.TryVerify(tokens.RefreshToken, server.Get<RefreshKeys>(), out var read));
        return read;
    }

    /// <summary>The server believes the connection, so the test connects from there: all of 127/8 is this machine.</summary>
    private async Task<string> RefreshFrom(string address, Tokens tokens)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = Connect };
        using var http = new HttpClient(handler) { BaseAddress = server.Url };
        using var response = await http.PostAsJsonAsync("/api/v1/auth/refresh", new { refresh_token = tokens.RefreshToken });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("refresh_token").GetString()!;

        async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancelled)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancelled);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
