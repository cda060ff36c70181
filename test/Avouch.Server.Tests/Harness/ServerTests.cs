namespace Avouch.Server.Tests.Harness;

/// <summary>A class of tests over HTTP: each test has a server, a database and a client of its own.</summary>
public abstract class ServerTests : IAsyncLifetime
{
    private string? scratch;

    private protected TestServer Server { get; private set; } = null!;

    private protected TestClient Client { get; private set; } = null!;

    /// <summary>A folder for files of the test, gone after it.</summary>
    private protected string Scratch => scratch ??= Directory.CreateTempSubdirectory("avouch-test-").FullName;

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
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
        if (scratch is not null) Directory.Delete(scratch, recursive: true);
    }

    /// <summary>Stops and starts on the same data, with a client for the new port.</summary>
    private protected async Task Restart(params (string Name, string Value)[] settings)
    {
        Client.Dispose();
        await Server.Restart([.. Settings, .. settings]);
        Client = Server.Client();
    }

    /// <summary>A client for the new port, after the server was started again.</summary>
    private protected void Reconnect()
    {
        Client.Dispose();
        Client = Server.Client();
    }

    private protected void Pass(TimeSpan time) => Server.Time.Advance(time);
}
