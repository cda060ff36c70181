using Avouch.Server.Backups;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Avouch.Server.Tests.Harness;

/// <summary>
/// The real server: its own Kestrel on a free port, its own data folder and database. Only the clock is a test's, and password hashes are cheap.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Issuer = "https://auth.example.test";

    private static readonly Dictionary<string, string> Cheap = new()
    {
        ["AVOUCH_URLS"] = "http://127.0.0.1:0",
        ["AVOUCH_PUBLIC_URL"] = Issuer,
        ["AVOUCH_ARGON2_MEMORY_KIB"] = "64",
        ["AVOUCH_ARGON2_ITERATIONS"] = "1",
        ["AVOUCH_LIMITS_ENABLED"] = "false",
        ["AVOUCH_DOCS_ENABLED"] = "true",
    };

    private readonly bool ownsFolder;
    private Foundation? foundation;
    private WebApplication? app;
    private (string Name, string Value)[] last = [];

    private TestServer(string folder, bool ownsFolder, ManualTime time) => (Folder, this.ownsFolder, Time) = (folder, ownsFolder, time);

    public string Folder { get; }

    public ManualTime Time { get; }

    public CapturedLogs Logs { get; } = new();

    /// <summary>What none of them may hold: looked for when the server is disposed, so that every test proves it.</summary>
    public UsedSecrets Secrets { get; } = new();

    public Uri Url => new(app!.Urls.First());

    public Database Database => foundation!.Database;

    /// <summary>A noun of the server, for what has no URL yet.</summary>
    public T Get<T>() where T : notnull => app!.Services.GetRequiredService<T>();

    /// <param name="folder">An existing data folder, for a second start; a fresh one that is deleted afterwards if left out.</param>
    public static async Task<TestServer> Start(ManualTime? time = null, string? folder = null, params (string Name, string Value)[] settings)
    {
        var path = folder ?? Directory.CreateTempSubdirectory("avouch-test-").FullName;
        var server = new TestServer(path, folder is null, time ?? new ManualTime());
        await server.Run(settings);
        return server;
    }

    /// <summary>A browser, an app, a script: a client with its own connections and no cookies.</summary>
    public TestClient Client() => new(Url, Secrets);

    /// <summary>Every journal row after one sequence number.</summary>
    public async Task<List<JournalEntry>> Journal(long after = 0) => await Database.Read(statements => SecurityJournal.List(statements, after, 10_000));

    /// <summary>How many rows a table has: what a test says that did not happen.</summary>
    public async Task<long> Count(string table) => await Database.Read(statements => statements.Find($"SELECT COUNT(*) FROM {table}", static row => row.Long(0)));

    /// <summary>Stops and starts again on the same data.</summary>
    public async Task Restart(params (string Name, string Value)[] settings)
    {
        await Stop();
        await Run(settings);
    }

    /// <summary>The same, with something done to the data folder while nobody owns it.</summary>
    public async Task Restart(Action<string> meanwhile)
    {
        await Stop();
        meanwhile(Folder);
        await Run([]);
    }

    /// <summary>A copy of the database in a file of its own, made while the server works.</summary>
    public async Task BackUp(string file, Action<long>? copied = null)
    {
        await using var copy = await Get<Backup>().Copy(copied ?? (_ => { }), CancellationToken.None);
        await using var target = File.Create(file);
        await copy.CopyToAsync(target);
    }

    /// <summary>Stops, puts a backup in the place of the database, lets a second pass as the command does, and starts again.</summary>
    /// <param name="before">Done to the data folder while nobody owns it.</param>
    /// <param name="after">The same, also after a restore that was refused.</param>
    public async Task<RestoredDatabase> Restore(string file, bool keepSessions = false, Action<string>? before = null, Action<string>? after = null)
    {
        await Stop();
        before?.Invoke(Folder);
        try
        {
            using var folder = DataFolder.Open(Folder);
            await using var backup = File.OpenRead(file);
            return await new Restore(ToSettings(last), folder, Time).Run(backup, keepSessions, _ => { }, CancellationToken.None);
        }
        finally
        {
            after?.Invoke(Folder);
            Time.Advance(TimeSpan.FromSeconds(1));
            await Run(last);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Secrets.AddKeyOf(Folder);
        if (ownsFolder) Directory.Delete(Folder, recursive: true);
        Secrets.MustNotStandIn(Logs.Lines);
    }

    private async Task Run((string Name, string Value)[] given)
    {
        last = given;
        var settings = ToSettings(given);
        foundation = await Foundation.Open(settings, Time);
        app = await Application.Build(settings, foundation, Time, LogEverything);
        await app.StartAsync();
    }

    private void LogEverything(ILoggingBuilder logging) => Avouch.Server.Logs.Silence(logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace));

    private AvouchSettings ToSettings((string Name, string Value)[] given)
    {
        var values = new Dictionary<string, string>(Cheap) { ["AVOUCH_DATA"] = Folder };
        foreach (var (name, value) in given) values[name] = value;
        Secrets.AddSettings(values);
        var (settings, faults) = AvouchSettings.Read(new SettingsSource().Add("test", values));
        Assert.Empty(faults);
        return settings!;
    }

    private async Task Stop()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        if (foundation is not null) await foundation.DisposeAsync();
        (app, foundation) = (null, null);
    }
}
