using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Model;

public sealed class ConcurrentSessionTests
{
    [Fact]
    public async Task Whatever_eight_clients_do_to_shared_sessions_there_is_an_order_that_explains_it()
    {
        var seed = Seed.Next();
        await using var server = await TestServer.Start(settings: ("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", "1440"));   // none expires meanwhile
        var crowd = new SessionCrowd(server, seed);

        await crowd.Run(rounds: 200, steps: 12);

        foreach (var log in crowd.Sessions)
        {
            var explanation = new Explanation(log.Operations);
            if (!explanation.Exists()) Assert.Fail($"{Seed.Explain(seed)} (and some luck)\nNothing explains session {log.Id}:\n{Show(log, explanation)}");
        }
        Assert.InRange(crowd.Sessions.Count(log => log.Operations.Any(operation => operation.Given > 2)), 10, int.MaxValue);   // enough happened
    }

    [Fact]
    public async Task Clients_that_finish_with_one_token_before_they_use_the_next_are_never_signed_out()
    {
        var seed = Seed.Next();
        var random = new Random(seed);
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var tokens = await client.Join("alice");
        for (var generation = 2; generation <= 60; generation++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, random.Next(1, 9)).Select(_ => client.TryRefresh(tokens.RefreshToken)));
            Assert.All(answers, answer => Assert.Equal(200, (int)answer.Status));
            tokens = Assert.Single(answers.Select(Tokens.Of).DistinctBy(given => given.RefreshToken));
            server.Time.Advance(TimeSpan.FromSeconds(random.Next(40)));
        }
        Assert.DoesNotContain(await server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
    }

    private static string Show(SessionLog log, Explanation explanation)
    {
        var left = log.Operations.Except(explanation.Best).OrderBy(operation => operation.Start);
        return $"explained:\n  {string.Join("\n  ", explanation.Best.TakeLast(20))}\nleft:\n  {string.Join("\n  ", left.Take(20))}";
    }
}
