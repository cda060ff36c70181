using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Http;

/// <summary>Whose address a session has when proxies stand in front; the proxy of the tests is 127.0.0.1.</summary>
public sealed class ForwardingTests
{
    private const string Loopback = "127.0.0.1";

    [Theory]
    [InlineData(null, "203.0.113.9", Loopback)]                                                     // by default nobody is believed, not even this machine
    [InlineData("10.0.0.0/8", "203.0.113.9", Loopback)]                                             // nor who is not named
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.0/8", "203.0.113.9:4711", "203.0.113.9")]
    [InlineData("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9")]                           // what the client wrote stands in front
    [InlineData("127.0.0.1", "127.0.0.1, 203.0.113.9", "203.0.113.9")]                              // even where it names a proxy
    [InlineData("127.0.0.1,10.0.0.0/8", "198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9")]
    [InlineData("127.0.0.1,10.0.0.0/8", "10.9.9.9, 203.0.113.9, 10.1.2.3, 10.1.2.4", "203.0.113.9")]
    [InlineData("127.0.0.1", "203.0.113.9, 10.1.2.3", "10.1.2.3")]                                  // a proxy that is not ours is the one who asks
    [InlineData("127.0.0.1,fd00::/8", "203.0.113.9, 2001:db8::7, fd00::1", "2001:db8::7")]
    [InlineData("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "nonsense", Loopback)]
    [InlineData("127.0.0.1", "203.0.113.9, nonsense", Loopback)]
    [InlineData("127.0.0.1", "nonsense, 203.0.113.9,", "203.0.113.9")]
    [InlineData("127.0.0.1", null, Loopback)]
    public async Task The_address_is_the_last_one_that_a_trusted_proxy_vouches_for(string? trusted, string? header, string address)
    {
        await using var server = await TestServer.Start(settings: trusted is null ? [] : [("AVOUCH_TRUSTED_PROXIES", trusted)]);
        using var client = server.Client();
        await client.Register("alice");
        using var login = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login") { Content = System.Net.Http.Json.JsonContent.Create(new { username = "alice", password = TestClient.Password }) };
        if (header is not null) login.Headers.Add("X-Forwarded-For", header);

        var tokens = Tokens.Of(await client.Send(login));

        var session = Assert.Single((await client.Get("/api/v1/auth/sessions", tokens.AccessToken)).Json.GetProperty("sessions").EnumerateArray());
        Assert.Equal(address, session.Text("address"));
    }

    [Fact]
    public async Task No_header_changes_the_issuer()
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_TRUSTED_PROXIES", Loopback));
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration");
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Prefix", "/evil"), ("Forwarded", "host=evil.example")])
            request.Headers.Add(name, value);

        var discovery = await client.Send(request);

        Assert.Equal(TestServer.Issuer, discovery.Json.Text("issuer"));
        Assert.DoesNotContain("evil", discovery.Text, StringComparison.Ordinal);
    }
}
