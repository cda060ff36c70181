namespace Avouch.Server.Tests.Harness;

/// <summary>One server for all tests of a class: for tables of requests that leave nothing behind.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    internal TestClient Client { get; private set; } = null!;

    /// <summary>Somebody who is signed in.</summary>
    internal Tokens Alice { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.Start();
        Client = Server.Client();
        Alice = await Client.Join("alice");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>What a request that is refused must not change: how many rows each table has.</summary>
    internal async Task<string> CountRows()
    {
        var counts = new List<string>();
        foreach (var table in (string[])["users", "sessions", "journal", "signing_keys", "installation", "account_proofs", "mail_outbox"]) counts.Add($"{table} {await Server.Count(table)}");
        return string.Join(", ", counts);
    }
}
