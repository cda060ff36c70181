namespace Avouch.Server.Tests.Harness;

/// <summary>A class of tests over HTTP: each test has a server, a database and a client of its own.</summary>
public abstract class ServerTests : IAsyncLifetime
{
    private protected TestServer Server { get; private set; } = null!;

    private protected TestClient Client { get; private set; } = null!;

    /// <summary>What this class sets beside the harness's own settings.</summary>
    private protected virtual (string Name, string Value)[] Settings => [];

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.Start(settings: Settings);
        Client = Server.Client();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops and starts on the same data, with a client for the new port.</summary>
    private protected async Task Restart(params (string Name, string Value)[] settings)
    {
        Client.Dispose();
        await Server.Restart([.. Settings, .. settings]);
        Client = Server.Client();
    }

    private protected void Pass(TimeSpan time) => Server.Time.Advance(time);
}
