using Avouch.Protocol;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Model;

/// <summary>
/// Workers that share a few sessions over HTTP, as tabs and retries do: they refresh with the newest token they know or with an old one, throw
/// answers away, hang up, sign out. Everything is written down, in one common order.
/// </summary>
internal sealed class SessionCrowd(TestServer server, int seed)
{
    private const int Workers = 8;
    private const int Places = 3;

    private readonly SessionLog[] places = new SessionLog[Places];
    private readonly List<SessionLog> all = [];
    private readonly RefreshKeys keys = server.Get<RefreshKeys>();
    private long order;

    public IReadOnlyList<SessionLog> Sessions => all;

    /// <summary>Rounds with a pause between them, in which the clock passes the grace and ended sessions are replaced.</summary>
    public async Task Run(int rounds, int steps)
    {
        var clients = Enumerable.Range(0, Workers).Select(_ => server.Client()).ToList();
        var randoms = Enumerable.Range(0, Workers).Select(worker => new Random(seed + worker)).ToList();
        await clients[0].Register("shared");
        for (var round = 0; round < rounds; round++)
        {
            for (var place = 0; place < Places; place++)
                if (places[place] is not { IsOver: false })
                    await SignIn(clients[0], place);
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => Work(worker, clients[worker], randoms[worker], steps))));
            server.Time.Advance(TimeSpan.FromSeconds(31));
            foreach (var log in places)
                log.Add(new Operation { Worker = -1, Kind = OperationKind.GracePasses, Start = Tick(), Seen = Seen.Granted, End = Tick() });
        }
        clients.ForEach(client => client.Dispose());
    }

    private async Task SignIn(TestClient client, int place)
    {
        var tokens = await client.SignIn("shared");
        all.Add(places[place] = new SessionLog(tokens.SessionId, tokens));
    }

    private async Task Work(int worker, TestClient client, Random random, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            var log = places[random.Next(Places)];
            var back = random.Next(100);
            await (random.Next(100) switch
            {
                < 70 => Refresh(worker, client, random, log, back < 85 ? 0 : back < 98 ? 1 : 2),
                < 98 => Check(worker, client, log, log.AccessToken(random)),
                _ => SignOut(worker, client, log),
            });
        }
    }

    /// <summary>One of six answers is thrown away unread; one client of twelve hangs up at some moment, and may or may not have been heard.</summary>
    private async Task Refresh(int worker, TestClient client, Random random, SessionLog log, int back)
    {
        var (generation, text) = log.RefreshToken(back);
        var operation = new Operation { Worker = worker, Kind = OperationKind.Refresh, Presented = generation, Start = Tick() };
        log.Add(operation);
        using var patience = new CancellationTokenSource();
        if (random.Next(12) == 0) patience.CancelAfter(TimeSpan.FromMilliseconds(random.Next(4)));
        if (await Ask(() => client.TryRefresh(text, patience.Token)) is not { } answer) return;
        See(log, operation, answer);
        if (operation.Seen == Seen.Refused || random.Next(6) == 0) return;
        var given = Tokens.Of(answer);
        operation.Given = GenerationOf(given.RefreshToken);
        log.Keep(operation.Given.Value, given);
    }

    private async Task Check(int worker, TestClient client, SessionLog log, string accessToken)
    {
        var operation = new Operation { Worker = worker, Kind = OperationKind.Check, Start = Tick() };
        log.Add(operation);
        See(log, operation, await client.Get("/api/v1/users/me", accessToken));
    }

    private async Task SignOut(int worker, TestClient client, SessionLog log)
    {
        var operation = new Operation { Worker = worker, Kind = OperationKind.SignOut, Start = Tick() };
        log.Add(operation);
        See(log, operation, await client.PostJson("/api/v1/auth/logout", new { refresh_token = log.RefreshToken(0).Text }));
    }

    private void See(SessionLog log, Operation operation, Answer answer)
    {
        operation.Seen = (int)answer.Status switch
        {
            200 => Seen.Granted,
            401 => Seen.Refused,
            _ => throw new InvalidOperationException($"{operation} was answered by {answer.Status}."),
        };
        operation.End = Tick();
        if (operation.Seen == Seen.Refused || operation.Kind == OperationKind.SignOut) log.IsOver = true;
    }

    private static async Task<Answer?> Ask(Func<Task<Answer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private long GenerationOf(string text) =>
        RefreshToken.TryVerify(text, keys, out var token) ? token.Generation : throw new InvalidOperationException("Not our token.");

    private long Tick() => Interlocked.Increment(ref order);
}
