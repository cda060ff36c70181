using System.Diagnostics;
using System.Globalization;
using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Crash;

/// <summary>A disk that takes no more, played by the kernel's limit on the size of a file.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int LimitBytes = 1 << 20;

    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    [Trait("ASVS", "16.5.2")]
    [Trait("ASVS", "16.5.3")]
    public async Task What_cannot_be_stored_is_refused_and_health_says_so_until_there_is_space_again()
    {
        // The limit's signal would end the process; where it is ignored, the write fails, as on a full disk.
        using var server = await ChildServer.Start(folder, "bash", "-c", "trap '' XFSZ; exec \"$@\"", "bash");
        using var client = server.Client();
        var tokens = await client.Join("alice");
        await Limit(LimitBytes.ToString(CultureInfo.InvariantCulture));

        var (refused, registered) = await RegisterUntilRefused(client);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage_fault"), (refused.Status, refused.MustHaveProblem().Code));
        Assert.Equal("10", refused.Headers["Retry-After"]);
        var health = await FillTheRest(client, registered);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Nothing can be stored; the log says why."),
            (health.Status, health.Json.GetProperty("checks").GetProperty("database").GetProperty("reason").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await client.Me(tokens)).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.Get("/health/live")).Status);

        await Limit("unlimited");

        Assert.Equal(HttpStatusCode.OK, (await client.Get("/health/ready")).Status);
        await client.Register($"person{registered}");   // the one that was refused is not there
        await client.SignIn($"person{registered - 1}");
    }

    private static async Task<(Answer Refused, int Registered)> RegisterUntilRefused(TestClient client)
    {
        for (var number = 0; number < 2_000; number++)
        {
            var answer = await Register(client, number);
            if (answer.Status != HttpStatusCode.Created) return (answer, number);
        }
        throw new InvalidOperationException("The limit was never reached.");
    }

    /// <summary>Where a sign-up has no place any more, the small write of a look at the health may still have one, and is then right to say that all is well.</summary>
    private static async Task<Answer> FillTheRest(TestClient client, int refused)
    {
        for (var look = 0; look < 100; look++)
        {
            if (await client.Get("/health/ready") is { Status: HttpStatusCode.ServiceUnavailable } health) return health;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Register(client, refused)).Status);
        }
        throw new InvalidOperationException("The disk was never full.");
    }

    private static Task<Answer> Register(TestClient client, int number) =>
        client.PostJson("/api/v1/auth/register", new { username = $"person{number}", email = $"person{number}@example.test", password = TestClient.Password });

    private async Task Limit(string bytes)
    {
        var id = await File.ReadAllTextAsync(Path.Combine(folder, "avouch.pid"));
        using var prlimit = Process.Start("prlimit", ["--pid", id.Trim(), $"--fsize={bytes}:unlimited"]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }
}
