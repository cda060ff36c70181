using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Avouch.Server;

/// <summary>
/// The moment between listening and serving. The issuer is written down only when the server listens, so that a start that fails leaves nothing behind,
/// and before anybody is answered, so that no token names an issuer that a crash forgets. Connections wait for that.
/// </summary>
internal sealed class Opening(AvouchSettings settings, Installation installation, Database database, SecurityJournal journal, TimeProvider time) : IHostedLifecycleService
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="StartException">There is no issuer yet, and the settings name none that would be the same tomorrow.</exception>
    public Task StartingAsync(CancellationToken cancellationToken) =>
        installation.StoredIssuer is null && settings.Server.PublicUrl is null && UrlRules.HasAnyPort(settings.Server.Urls[0])
            ? throw new StartException($"The issuer cannot be {settings.Server.Urls[0]}: that address is another one at each start.", "Set AVOUCH_PUBLIC_URL to what browsers see, or choose a port with --urls.")
            : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await installation.Store(database, journal, time.GetUtcNow());
        opened.SetResult();
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Puts the wait in front of every endpoint of Kestrel: a look at a finished task for each connection, nothing for each request.</summary>
    public static void Guard(KestrelServerOptions options) => options.ConfigureEndpointDefaults(endpoint => endpoint.Use(options.ApplicationServices.GetRequiredService<Opening>().HoldBack));

    internal ConnectionDelegate HoldBack(ConnectionDelegate next) => async connection =>
    {
        await opened.Task.WaitAsync(connection.ConnectionClosed);
        await next(connection);
    };
}
