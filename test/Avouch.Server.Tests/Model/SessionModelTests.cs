using System.Globalization;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Model;

/// <summary><c>AVOUCH_TEST_STEPS</c> makes the long walk longer, for a night's run.</summary>
public sealed class SessionModelTests
{
    private static int Steps =>
        int.TryParse(Environment.GetEnvironmentVariable("AVOUCH_TEST_STEPS"), CultureInfo.InvariantCulture, out var steps) ? steps : 95_000;

    [Fact]
    public async Task Whatever_happens_to_sessions_the_server_does_what_the_model_says()
    {
        await using var server = await TestServer.Start(settings: ModelSettings.All);
        await new SessionWalk(new NounSurface(server), Seed.Next()).Run(Steps);
    }

    [Fact]
    public async Task Whatever_happens_to_sessions_over_HTTP_the_server_does_what_the_model_says()
    {
        await using var server = await TestServer.Start(settings: ModelSettings.All);
        using var surface = new HttpSurface(server);
        await new SessionWalk(surface, Seed.Next()).Run(5_000);
    }
}
