using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Http;

/// <summary>A proxy in front that the settings do not name: everybody behind it looks like one, so the log says so.</summary>
public sealed class UnknownProxyTests : ServerTests
{
    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    public async Task It_is_told_of_once(string header, string value)
    {
        await Client.Get("/health");
        Assert.Equal(0, CountLines());

        for (var round = 0; round < 3; round++) await Ask(header, value);

        Assert.Equal(1, CountLines());
    }

    [Fact]
    public async Task One_that_is_named_is_not()
    {
        await Restart(("AVOUCH_TRUSTED_PROXIES", "127.0.0.1"));

        await Ask("X-Forwarded-For", "203.0.113.7");

        Assert.Equal(0, CountLines());
    }

    private int CountLines() => Server.Logs.Lines.Count(line => line.Contains("AVOUCH_TRUSTED_PROXIES does not name", StringComparison.Ordinal));

    private async Task Ask(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.TryAddWithoutValidation(header, value);
        await Client.Send(request);
    }
}
