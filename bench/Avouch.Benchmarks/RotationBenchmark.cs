using Avouch.Protocol;
using Avouch.Server;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Users;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace Avouch.Benchmarks;

/// <summary>
/// The rotation against SQLite on this disk, durable: one caller alone, who pays for a whole commit, and sixty-four at once, who share it.
/// </summary>
[MemoryDiagnoser]
public class RotationBenchmark
{
    private const int Callers = 64;

    private readonly RefreshToken[] current = new RefreshToken[Callers];
    private readonly Device device = new("127.0.0.1", "127.0.0.1", "benchmark");
    private string folder = "";
    private Foundation foundation = null!;
    private ServiceProvider nouns = null!;
    private Rotation rotation = null!;
    private DateTimeOffset accessUntil;

    [GlobalSetup]
    public void Prepare() => Open().GetAwaiter().GetResult();   // the in-process toolchain does not wait for a setup that returns a task

    [GlobalCleanup]
    public void CleanUp() => Close().GetAwaiter().GetResult();

    private async Task Open()
    {
        folder = Directory.CreateTempSubdirectory("avouch-rotation-").FullName;
        var source = SettingsSource.Load(folder, new Dictionary<string, string> { ["AVOUCH_DATA"] = folder, ["AVOUCH_SESSIONS_PER_USER"] = "1000" });
        var settings = AvouchSettings.Read(source).Settings!;
        foundation = await Foundation.Open(settings, TimeProvider.System);
        nouns = new ServiceCollection().AddLogging().AddAvouch(settings, foundation, TimeProvider.System).BuildServiceProvider();
        rotation = nouns.GetRequiredService<Rotation>();
        accessUntil = TimeProvider.System.GetUtcNow().AddMinutes(15);

        var added = await nouns.GetRequiredService<UserAccounts>().Add(new NewUser("alice", "alice@example.com", null, Role.User, "hash", false), null);
        var signIn = new VerifiedSignIn(added.User!.Id, "hash", null, TokenIssuer.FirstParty, TokenIssuer.FirstPartyScope);
        for (var i = 0; i < Callers; i++)
            current[i] = Next(await nouns.GetRequiredService<UserSessions>().Start(signIn, accessUntil, device));
    }

    private async Task Close()
    {
        await nouns.DisposeAsync();
        await foundation.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark]
    public async Task Rotate_alone() => await Rotate(0);

    [Benchmark(OperationsPerInvoke = Callers)]
    public async Task Rotate_64_at_once()
    {
        var rotations = new Task[Callers];
        for (var i = 0; i < Callers; i++) rotations[i] = Rotate(i);
        await Task.WhenAll(rotations);
    }

    private async Task Rotate(int caller) =>
        current[caller] = Next((await rotation.Rotate(current[caller], TokenIssuer.FirstParty, accessUntil, device)).Grant);

    private static RefreshToken Next(Grant? grant) =>
        grant is null ? throw new InvalidOperationException("A good token was refused.") : new RefreshToken(grant.SessionId, grant.Generation);
}
