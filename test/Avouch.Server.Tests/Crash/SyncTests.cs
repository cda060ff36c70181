using System.ComponentModel;
using Avouch.Protocol;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Data;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Crash;

/// <summary>
/// Killing a process proves nothing about the disk: the kernel keeps what was written. So these tests watch the calls themselves.
/// </summary>
public sealed class SyncTests : IDisposable
{
    private const int Connections = 64;
    private const int Rounds = 20;

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task No_answer_leaves_before_the_sync_that_covers_it()
    {
        var events = await Trace(async client =>
        {
            var tokens = await client.Join("alice");
            for (var i = 0; i < Rounds; i++) tokens = await client.Refresh(tokens);
        });

        var requests = Enumerable.Range(0, events.Count).Where(i => events[i] == TraceEvent.Request).ToList();
        Assert.Equal(Rounds, requests.Count);
        foreach (var request in requests)
        {
            var until = events.IndexOf(TraceEvent.Answer, request);
            Assert.True(until > 0, "An answer is missing.");
            var between = events[(request + 1)..until];
            Assert.Contains(TraceEvent.LogWrite, between);
            Assert.Equal(TraceEvent.LogSync, between[^1]);
        }
    }

    [Fact]
    public async Task A_check_of_an_access_token_writes_and_syncs_nothing()
    {
        var events = await Trace(async client =>
        {
            var joined = await client.Join("alice");
            await AwaitMail(client);
            var tokens = await client.Refresh(joined);
            for (var i = 0; i < Rounds; i++) Assert.Equal(200, (int)(await client.Me(tokens)).Status);
        });

        var answers = events[events.LastIndexOf(TraceEvent.Request)..].SkipWhile(happened => happened != TraceEvent.Answer).ToList();
        Assert.Equal(Enumerable.Repeat(TraceEvent.Answer, Rounds + 1), answers);
    }

    [Fact]
    public async Task Writes_that_wait_together_share_one_sync()
    {
        var events = await Trace(async client => await RefreshInParallel(client, await client.SignUpMany(Connections)));

        var load = events[events.IndexOf(TraceEvent.Request)..(events.LastIndexOf(TraceEvent.Answer) + 1)];
        Assert.Equal(Connections * Rounds, load.Count(happened => happened == TraceEvent.Answer));
        Assert.InRange(load.Count(happened => happened == TraceEvent.LogSync), Rounds, Connections * Rounds / 4);
    }

    [Fact]
    public async Task Refreshes_that_wait_for_the_writer_are_one_batch()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var tokens = await client.SignUpMany(Connections);
        var (rotation, keys, until) = (server.Get<Rotation>(), server.Get<RefreshKeys>(), server.Get<TokenIssuer>().AccessUntil());
        var database = (SqliteDatabase)server.Database;
        var gate = new TemporaryDatabase.Gate(database);
        var before = database.Statistics;

        var waiting = tokens.Select(mine => rotation.Rotate(Read(mine, keys), TokenIssuer.FirstParty, until, default).AsTask()).ToList();
        await gate.Open();
        var rotated = await Task.WhenAll(waiting);

        Assert.All(rotated, answer => Assert.Equal(2, answer.Grant?.Generation));
        Assert.Equal(new WriterStatistics(before.BatchesCommitted + 2, before.WritesCommitted + 1 + Connections, 0), database.Statistics);   // the gate is one
    }

    /// <summary>The mail of the sign-up is on its way in the background: what it writes would be seen among the checks.</summary>
    private static Task AwaitMail(TestClient client) => Patience.Until(async () =>
        (await client.Get("/metrics")).Text.Contains("avouch_mail_tries_total{result=\"written\"} 1", StringComparison.Ordinal));

    private static RefreshToken Read(Tokens tokens, RefreshKeys keys) => RefreshToken.TryVerify(tokens.RefreshToken, keys, out var read) ? read : default;

    /// <summary>One client opens as many connections as it has requests under way.</summary>
    private static Task RefreshInParallel(TestClient client, Tokens[] tokens) => Task.WhenAll(tokens.Select(async mine =>
    {
        for (var i = 0; i < Rounds; i++) mine = await client.Refresh(mine);
    }));

    private async Task<List<TraceEvent>> Trace(Func<TestClient, Task> use)
    {
        var output = Path.Combine(folder, "strace.txt");
        using var server = await Start(output);
        using (var client = server.Client()) await use(client);
        server.Kill();
        return TraceLog.Read(File.ReadLines(output));
    }

    private async Task<ChildServer> Start(string output)
    {
        try
        {
            return await ChildServer.Start(folder, TraceLog.Command(output));
        }
        catch (Win32Exception missing)
        {
            Assert.Fail($"strace cannot be started ({missing.Message}). ./test.sh installs what the tests need.");
            throw;
        }
    }
}
