using System.Net;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Health;

public sealed class HealthTests : ServerTests
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/api/v1/health")]
    [InlineData("/api/v1/health/database")]
    public async Task A_server_that_can_serve_says_so(string url)
    {
        var answer = await Client.Get(url);

        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.Status, answer.Headers["Cache-Control"]));
        Assert.Equal("healthy", answer.Json.Text("status"));
        Assert.Equal("healthy", answer.Json.GetProperty("checks").GetProperty("database").Text("status"));
    }

    [Fact]
    public async Task Without_its_database_it_lives_and_is_not_ready()
    {
        await Server.Database.DisposeAsync();

        foreach (var url in (string[])["/health", "/health/ready", "/api/v1/health", "/api/v1/health/database"])
        {
            var answer = await Client.Get(url);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.Equal("unhealthy", answer.Json.Text("status"));
            Assert.NotEmpty(answer.Json.GetProperty("checks").GetProperty("database").Text("reason"));
            answer.MustNotEcho(Server.Folder, "Exception", "sqlite");
        }
        Assert.Equal("healthy", (await Client.Get("/health/live")).Json.Text("status"));
        Assert.Equal("pong", (await Client.Get("/ping")).Text);
    }

    [Fact]
    public async Task Ping_answers_pong()
    {
        var answer = await Client.Get("/ping");

        Assert.Equal((HttpStatusCode.OK, "pong"), (answer.Status, answer.Text));
    }
}
