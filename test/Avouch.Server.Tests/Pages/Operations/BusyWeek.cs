using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages.Operations;

/// <summary>A week in which people use a server: sign-ins by day and few by night, wrong passwords, a burst of guesses, copied refresh tokens.</summary>
internal static class BusyWeek
{
    private static readonly string[] People = ["alice", "bob", "carol", "dave"];

    public static async Task Pass(TestServer server, TestClient client)
    {
        foreach (var name in People) await client.Register(name);
        for (var hour = 0; hour < 7 * 24; hour++)
        {
            server.Time.Advance(TimeSpan.FromHours(1));
            var ofDay = server.Time.GetUtcNow().Hour;
            var count = ofDay is > 6 and < 20 ? 2 + (hour * 7 % 5) : hour % 3 == 0 ? 1 : 0;
            for (var i = 0; i < count; i++) await client.SignIn(People[(hour + i) % People.Length]);
            if (ofDay is > 7 and < 22 && hour % 2 == 0) await client.TrySignIn(People[hour % People.Length], "a wrong password");
            if (hour % 50 == 31) await Replay(server, client, People[hour % People.Length]);
        }
        for (var i = 0; i < 12; i++) await client.TrySignIn("nobody-knows-me", "a wrong password");
    }

    /// <summary>An old refresh token comes again, after the grace.</summary>
    public static async Task Replay(TestServer server, TestClient client, string name)
    {
        var copied = await client.SignIn(name);
        await client.Refresh(copied);
        server.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.TryRefresh(copied.RefreshToken)).Status);
    }

    /// <summary>Rows straight into the journal.</summary>
    public static Task Write(TestServer server, int count, string kind, string? detail = null) => server.Database.Write(async transaction =>
    {
        for (var i = 0; i < count; i++) await server.Get<SecurityJournal>().Add(transaction, new JournalEntry(kind, server.Time.GetUtcNow()) { Detail = detail });
    }).AsTask();
}
