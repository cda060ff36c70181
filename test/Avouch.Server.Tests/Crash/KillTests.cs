using System.Net.Sockets;
using Avouch.Server.Cli;
using Avouch.Server.Data.Sqlite;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Crash;

public sealed class KillTests : IDisposable
{
    private const int Rounds = 5;
    private const int Customers = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Killed_in_the_middle_of_load_the_server_remembers_everything_that_it_answered()
    {
        var seed = Seed.Next();
        var random = new Random(seed);
        var customers = Enumerable.Range(0, Customers).Select(number => new Customer(number, seed + number)).ToList();
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await KillUnderLoad(customers, answers: random.Next(50, 600));
                await AssertDatabaseIsWhole();
            }
            using var last = await ChildServer.Start(folder);
            foreach (var customer in customers) await customer.AssertRemembered(last);
        }
        catch (Exception failure)
        {
            throw new Xunit.Sdk.XunitException($"{Seed.Explain(seed)}\n{failure}");
        }
        Assert.All(customers, customer => Assert.True(customer.Remembered is { Names: > 0, Visits: > 0 }));
        Assert.Contains(customers, customer => customer.Remembered.Ended > 0);
    }

    private async Task KillUnderLoad(List<Customer> customers, int answers)
    {
        using var server = await ChildServer.Start(folder);
        Assert.True(SpinWait.SpinUntil(TakesCommands, Patience), "The socket for commands is still the one of the server that was killed.");
        foreach (var customer in customers) await customer.AssertRemembered(server);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = answers;
        var load = Task.WhenAll(customers.Select(customer => Task.Run(() => customer.Use(server, CountAnswer))));
        await Task.WhenAny(enough.Task, load).WaitAsync(Patience);
        Assert.False(load.IsCompleted, $"The server died before it was killed. {load.Exception}");
        server.Kill();
        await load.WaitAsync(Patience);

        void CountAnswer()
        {
            if (Interlocked.Decrement(ref left) == 0) enough.SetResult();
        }
    }

    private bool TakesCommands()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Path.Combine(folder, CommandSocket.FileName)));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>On a copy, so that it is the server that finds the unfinished log.</summary>
    private async Task AssertDatabaseIsWhole()
    {
        var copy = Directory.CreateTempSubdirectory("avouch-test-").FullName;
        foreach (var name in new[] { "avouch.db", "avouch.db-wal" })
            if (File.Exists(Path.Combine(folder, name)))
                File.Copy(Path.Combine(folder, name), Path.Combine(copy, name));
        await using (var database = SqliteDatabase.Open(Path.Combine(copy, "avouch.db")))
        {
            Assert.Equal(["ok"], await database.Read(statements => statements.List("PRAGMA integrity_check", static row => row.Text(0))));
            Assert.Empty(await database.Read(statements => statements.List("PRAGMA foreign_key_check", static row => row.Text(0))));
            var doubled = await database.Read(statements => statements.List(
                "SELECT kind FROM journal WHERE kind = 'session.ended' GROUP BY session_id HAVING COUNT(*) > 1", static row => row.Text(0)));
            Assert.Empty(doubled);
        }
        Directory.Delete(copy, recursive: true);
    }
}
