using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Avouch.Server.Tests.Metrics;

/// <summary>What a collector gets: a real one, as far as it takes requests over HTTP and keeps them.</summary>
public sealed class OtlpTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Request, string? Type, string Body)> received = new();
    private WebApplication collector = null!;

    private string Address => collector.Urls.First();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        collector = builder.Build();
        collector.Run(Receive);
        await collector.StartAsync();
    }

    public ValueTask DisposeAsync() => collector.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/otlp")]
    public async Task The_same_figures_are_sent_to_a_collector(string path)
    {
        UsedSecrets secrets;
        await using (var server = await TestServer.Start(settings: [("AVOUCH_OTLP_ENDPOINT", Address + path)]))
        {
            using var client = server.Client();
            await client.Refresh(await client.Join("alice"));
            secrets = server.Secrets;
        }

        var (request, type, body) = received.Last();   // at the latest when the server stops
        Assert.Equal(($"POST {path.TrimEnd('/')}/v1/metrics", "application/x-protobuf"), (request, type));
        foreach (var name in (string[])["avouch.sign_ins", "avouch.refreshes", "avouch.http.request.duration", "/api/v1/auth/login", "dotnet.gc.collections", "service.name", Product.Version])
            Assert.Contains(name, body, StringComparison.Ordinal);
        Assert.NotEqual(0, secrets.Count);
        secrets.MustNotStandIn(received.Select(one => one.Body));
    }

    [Fact]
    [Trait("ASVS", "16.5.2")]
    public async Task A_collector_that_is_gone_disturbs_nobody()
    {
        var address = Address;
        await collector.StopAsync();

        await using var server = await TestServer.Start(settings: [("AVOUCH_OTLP_ENDPOINT", address)]);
        using var client = server.Client();

        Assert.Equal(HttpStatusCode.OK, (await client.Me(await client.Join("alice"))).Status);
        Assert.Equal("healthy", (await client.Get("/health")).Json.Text("status"));
    }

    [Theory]
    [InlineData("localhost:4318", "localhost:4318")]
    [InlineData("ftp://collector", "ftp://collector")]
    [InlineData("http://user:pass@collector:4318", "(hidden, it may hold a password)")]
    [InlineData("http://collector:4318?key=1", "http://collector:4318?key=1")]
    public void What_is_no_address_of_a_collector_is_refused(string address, string shown)
    {
        var (_, faults) = AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_OTLP_ENDPOINT"] = address }));

        var fault = Assert.Single(faults);
        Assert.Equal(("AVOUCH_OTLP_ENDPOINT", shown), (fault.Name, fault.Value));
    }

    [Theory]
    [InlineData("AVOUCH_METRICS_TOKEN", "too-short")]
    [InlineData("AVOUCH_METRICS_TOKEN", "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7")]
    [InlineData("AVOUCH_METRICS", "token")]
    public void A_token_that_can_be_guessed_or_is_missing_is_refused(string name, string value)
    {
        var (_, faults) = AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { [name] = value }));

        var fault = Assert.Single(faults);
        Assert.Equal(name, fault.Name);
        if (name.EndsWith("TOKEN", StringComparison.Ordinal)) Assert.DoesNotContain(value, fault.ToString(), StringComparison.Ordinal);
    }

    private async Task Receive(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        received.Enqueue(($"{http.Request.Method} {http.Request.Path}", http.Request.ContentType, Encoding.Latin1.GetString(body.ToArray())));
    }
}
