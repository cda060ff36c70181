using System.Text.Json;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Crash;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Logging;

/// <summary>The log of the real executable, as whatever collects it reads it.</summary>
public sealed class ProcessLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    [Trait("ASVS", "16.2.4")]
    public async Task In_production_standard_output_is_one_JSON_object_a_line_and_nothing_else()
    {
        using var server = await ChildServer.Start(folder);
        using var client = server.Client();
        await client.Join("alice");
        var refused = await RawConnection.Send(server.Url, $"FOO%0a%1b[2J /no\u001b[31m HTTP/1.1\nHost: {server.Url.Authority}\nConnection: close\n\n");
        var missing = await client.Get("/nothing%0d%0a{\"level\":\"critical\"}");

        Assert.Equal(0, await server.Stop());

        var lines = server.Said.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(400, (int)refused.Status);
        Assert.All(lines, line => Assert.Matches(@"^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.Text("time")));
        Assert.All(lines, line => Assert.Contains(line.Text("level"), (string[])["info", "warning"]));
        Assert.Contains(lines, line => line.Text("event") == "server.started" && line.GetProperty("fields").Text("urls") == server.Url.GetLeftPart(UriPartial.Authority));
        Assert.Contains(lines, line => line.Text("event") == "server.warning" && line.Text("message").StartsWith("AVOUCH_LIMITS_ENABLED=false", StringComparison.Ordinal));
        var line = Assert.Single(lines, line => line.Text("event") == "request.refused");
        Assert.Equal(missing.Reason, line.GetProperty("fields").Text("reason"));
    }

    [Theory]
    [InlineData("development", "auto", false)]
    [InlineData("development", "json", true)]
    [InlineData("production", "auto", true)]
    [InlineData("production", "text", false)]
    public void The_form_of_a_line_follows_the_setting_and_else_the_environment(string environment, string format, bool isJson)
    {
        var values = new Dictionary<string, string> { ["AVOUCH_ENVIRONMENT"] = environment, ["AVOUCH_LOG_FORMAT"] = format };

        var settings = AvouchSettings.Read(new SettingsSource().Add("test", values)).Settings!;

        Assert.Equal(isJson, settings.Logs.Format == LogFormat.Json);
    }
}
