using System.Text.Json;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>A data folder with a running server on it or without one, where commands are run as processes of their own.</summary>
internal sealed class Place : IAsyncDisposable
{
    public const string Password = "correct horse 42";

    private readonly Child? server;

    private Place(string folder, Child? server, Uri? url) => (Folder, this.server, Client) = (folder, server, url is null ? null : new TestClient(url));

    public string Folder { get; }

    /// <summary>Somebody over HTTP, where there is a server.</summary>
    public TestClient? Client { get; }

    public static async Task<Place> Open(bool hasServer)
    {
        var folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;
        if (!hasServer) await Install(folder);
        if (!hasServer) return new Place(folder, null, null);
        var (server, url) = await Child.Serve(folder);
        return new Place(folder, server, url);
    }

    /// <summary>A folder where nothing has ever been started.</summary>
    public static Place OpenEmpty() => new(Directory.CreateTempSubdirectory("avouch-test-").FullName, null, null);

    /// <summary>Makes the database and the master key, as the first start of a server does: commands work only where it has been.</summary>
    public static async Task Install(string folder)
    {
        var (settings, _) = AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_DATA"] = folder }));
        await (await Foundation.Open(settings!, TimeProvider.System)).DisposeAsync();
    }

    public Task<ChildAnswer> Run(params string[] args) => Child.Run(Folder, "", [.. args, .. Here]);

    /// <summary>The same with standard input.</summary>
    public Task<ChildAnswer> RunWith(string input, params string[] args) => Child.Run(Folder, input, [.. args, .. Here]);

    /// <summary>On a terminal.</summary>
    public Task<ChildAnswer> Talk((string Shown, string Typed)[] conversation, params string[] args) => Child.Talk(Folder, conversation, [.. args, .. Here]);

    public Child Start(params string[] args) => Child.Start(Folder, [.. args, .. Here]);

    /// <summary>Runs what has to succeed without complaint.</summary>
    public async Task<string> Do(params string[] args)
    {
        var answer = await Run(args);
        Assert.True(answer.Exit == 0, $"avouch {string.Join(' ', args)} ended with {answer.Exit}: {answer.Error}");
        return answer.Output;
    }

    /// <summary>What a list says with <c>--json</c>, a line for each row.</summary>
    public async Task<List<JsonElement>> List(params string[] args) =>
        [.. (await Do([.. args, "--json"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public async Task<JsonElement> Show(string user) => Assert.Single(await List("users", "show", user));

    /// <summary>Adds a user of this name, with an address made from it.</summary>
    public async Task AddUser(string name, params string[] more)
    {
        var added = await RunWith(Password + "\n", ["users", "add", $"{name}@example.test", "--username", name, .. more]);
        Assert.Equal((0, ""), (added.Exit, added.Error));
    }

    /// <summary>Stops the server as Ctrl+C does.</summary>
    public Task<ChildAnswer> StopServer() => server!.Interrupt();

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (server is not null) await server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private string[] Here => ["--data", Folder, "--set", "AVOUCH_ARGON2_MEMORY_KIB=64"];
}
