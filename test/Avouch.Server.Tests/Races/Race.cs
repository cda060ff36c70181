using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Races;

/// <summary>What every race test needs: clients with connections of their own, already open, and a common start.</summary>
internal sealed class Race(TestServer server) : IDisposable
{
    public const int Runners = 16;

    private readonly List<TestClient> clients = [.. Enumerable.Range(0, Runners).Select(_ => server.Client())];

    public void Dispose() => clients.ForEach(client => client.Dispose());

    /// <summary>Lets every client do its part at once.</summary>
    public async Task<Answer[]> Run(Func<TestClient, int, Task<Answer>> part)
    {
        await Task.WhenAll(clients.Select(client => client.Get("/ping")));
        using var start = new Barrier(Runners);
        return await Task.WhenAll(clients.Select((client, i) => Task.Factory.StartNew(
            () =>
            {
                Assert.True(start.SignalAndWait(TimeSpan.FromMinutes(1)));
                return part(client, i);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }

    public static int Count(IEnumerable<Answer> answers, int status) => answers.Count(answer => (int)answer.Status == status);
}
