using Avouch.Protocol;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Races;

public sealed class RefreshRaceTests : IAsyncLifetime
{
    private const int Rounds = 20;

    private TestServer server = null!;
    private TestClient client = null!;
    private Race race = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.Start();
        (client, race) = (server.Client(), new Race(server));
        await client.Register("alice");
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        race.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Sixteen_parallel_refreshes_yield_one_generation()
    {
        var tokens = await client.SignIn("alice");
        for (var round = 0; round < Rounds; round++)
        {
            var answers = await race.Run((runner, _) => runner.TryRefresh(tokens.RefreshToken));

            Assert.Equal(Race.Runners, Race.Count(answers, 200));
            var given = answers.Select(Tokens.Of).ToList();
            var next = Assert.Single(given.Select(pair => pair.RefreshToken).Distinct());
            Assert.Equal(GenerationOf(tokens.RefreshToken) + 1, GenerationOf(next));
            foreach (var pair in given) Assert.Equal(200, (int)(await client.Me(pair)).Status);
            tokens = given[0];
        }
        Assert.DoesNotContain(await server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
    }

    [Fact]
    public async Task Without_a_grace_one_of_sixteen_parallel_refreshes_wins_and_the_session_ends_all_the_same()
    {
        await server.Restart(("AVOUCH_REFRESH_GRACE_SECONDS", "0"));
        using var fresh = server.Client();
        using var runners = new Race(server);
        var tokens = await fresh.SignIn("alice");

        var answers = await runners.Run((runner, _) => runner.TryRefresh(tokens.RefreshToken));

        var winner = Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.Equal(Race.Runners - 1, Race.Count(answers, 401));
        Assert.Equal("session_ended", (await fresh.Me(Tokens.Of(winner))).Code);
        Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
    }

    [Fact]
    public async Task A_refresh_that_races_a_sign_out_never_survives_it() =>
        await AssertEndWins((runner, tokens) => runner.Logout(tokens));

    [Fact]
    public async Task A_refresh_that_races_a_password_change_never_survives_it()
    {
        var hash = (await server.Get<PasswordHasher>().Hash(TestClient.Password, "", CancellationToken.None)).Hash!;
        await AssertEndWins(async (runner, tokens) =>
        {
            await server.Get<UserChanges>().SetPassword(UserOf(tokens), hash);
            return await runner.Get("/ping");
        });
    }

    [Fact]
    public async Task A_refresh_that_races_a_disable_never_survives_it() => await AssertEndWins(async (runner, tokens) =>
    {
        await server.Get<UserChanges>().Disable(UserOf(tokens));
        await server.Get<UserChanges>().Enable(UserOf(tokens));
        return await runner.Get("/ping");
    });

    /// <summary>Half of the runners refresh, one ends the session, and the rest look. Afterwards no token counts, whoever was first.</summary>
    private async Task AssertEndWins(Func<TestClient, Tokens, Task<Answer>> end)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var tokens = await client.SignIn("alice");
            var answers = await race.Run((runner, i) => i == 7 ? end(runner, tokens) : i < 12 ? runner.TryRefresh(tokens.RefreshToken) : runner.Me(tokens));

            Assert.Equal(200, (int)answers[7].Status);
            Assert.All(answers, answer => Assert.Contains((int)answer.Status, new[] { 200, 401 }));
            var given = answers[..12].Where((answer, i) => i != 7 && (int)answer.Status == 200).Select(Tokens.Of).Append(tokens).ToList();
            Assert.InRange(given.Select(pair => pair.RefreshToken).Distinct().Count(), 1, 2);
            foreach (var pair in given)
            {
                Assert.Equal("session_ended", (await client.Me(pair)).Code);
                Assert.Equal(401, (int)(await client.TryRefresh(pair.RefreshToken)).Status);
            }
            Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.SessionEnded && entry.SessionId == tokens.SessionId);
        }
    }

    private static Guid UserOf(Tokens tokens) => tokens.Claims.GetProperty("sub").GetGuid();

    private long GenerationOf(string text)
    {
        Assert.True(RefreshToken.TryVerify(text, server.Get<RefreshKeys>(), out var token));
        return token.Generation;
    }
}
