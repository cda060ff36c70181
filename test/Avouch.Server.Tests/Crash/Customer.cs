using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Crash;

/// <summary>
/// Somebody who signs up, in, out and refreshes until the server dies, remembers every answer, and afterwards asks whether all of it is still so.
/// </summary>
internal sealed class Customer(int number, int seed)
{
    private readonly Random random = new(seed);
    private readonly List<string> names = [];
    private readonly List<Visit> visits = [];
    private int namesTried;

    /// <summary>A session, with every pair of tokens that was handed out, and what is certain about its end.</summary>
    private sealed class Visit(Tokens first)
    {
        public List<Tokens> Pairs { get; } = [first];

        public End End { get; set; }
    }

    private enum End
    {
        No,

        /// <summary>Asked for, and the server died before it answered: both are right.</summary>
        Maybe,
        Yes,
    }

    public (int Names, int Visits, int Ended) Remembered => (names.Count, visits.Count, visits.Count(visit => visit.End == End.Yes));

    /// <summary>Returns when the server no longer answers.</summary>
    public async Task Use(ChildServer server, Action onAnswer)
    {
        using var client = server.Client();
        try
        {
            while (true)
            {
                await Step(client);
                onAnswer();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // It was killed while this customer waited. What was asked for last may have been done or not.
        }
    }

    private Task Step(TestClient client) => random.Next(100) switch
    {
        _ when names.Count == 0 => SignUp(client),
        < 10 => SignUp(client),
        < 30 => SignIn(client),
        < 90 => Refresh(client),
        _ => SignOut(client),
    };

    private async Task SignUp(TestClient client)
    {
        var name = $"customer{number}.{namesTried++}";
        await client.Register(name);
        names.Add(name);
    }

    private async Task SignIn(TestClient client) => visits.Add(new Visit(await client.SignIn(names[random.Next(names.Count)])));

    private async Task Refresh(TestClient client)
    {
        if (AnyVisit() is not { } visit) return;
        visit.Pairs.Add(await client.Refresh(visit.Pairs[^1]));
    }

    private async Task SignOut(TestClient client)
    {
        if (AnyVisit() is not { } visit) return;
        visit.End = End.Maybe;
        Assert.Equal(HttpStatusCode.OK, (await client.Logout(visit.Pairs[^1])).Status);
        visit.End = End.Yes;
    }

    /// <summary>Everything that was answered is there, and nothing that had ended has come back.</summary>
    public async Task AssertRemembered(ChildServer server)
    {
        using var client = server.Client();
        foreach (var name in names) await client.SignIn(name);
        foreach (var visit in visits)
        {
            var last = visit.Pairs[^1];
            if (visit.End == End.Maybe) visit.End = (await client.Me(last)).Status == HttpStatusCode.OK ? End.No : End.Yes;
            if (visit.End == End.Yes) await AssertOver(client, visit);
            else await AssertAlive(client, visit);
        }
    }

    /// <summary>A refresh that was in flight has happened or not: either way its predecessor leads to the one next generation.</summary>
    private static async Task AssertAlive(TestClient client, Visit visit)
    {
        var last = visit.Pairs[^1];
        Assert.Equal(HttpStatusCode.OK, (await client.Me(last)).Status);
        var next = await client.Refresh(last);
        Assert.Equal(GenerationOf(last) + 1, GenerationOf(next));
        visit.Pairs.Add(next);
    }

    private static async Task AssertOver(TestClient client, Visit visit)
    {
        foreach (var pair in visit.Pairs) Assert.Equal("session_ended", (await client.Me(pair)).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.TryRefresh(visit.Pairs[^1].RefreshToken)).Status);
    }

    /// <summary>"avr_", then version, key id and session id (18 bytes), then eight bytes of generation.</summary>
    private static long GenerationOf(Tokens tokens) =>
        System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.RefreshToken.AsSpan(4)).AsSpan(18));

    private Visit? AnyVisit()
    {
        var open = visits.Where(visit => visit.End == End.No).TakeLast(8).ToList();
        return open.Count == 0 ? null : open[random.Next(open.Count)];
    }
}
