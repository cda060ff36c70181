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
    [InlineData("127.0.0.1", "203.0.113.009", Loopback)]
    [InlineData("127.0.0.1", "3405803785", Loopback)]                                               // a way to write 203.0.113.9 that not everybody reads
    [InlineData("127.0.0.1", "203.0.113.9:port", Loopback)]
    [InlineData("127.0.0.1", "fe80::7%1", Loopback)]
    public async Task The_address_is_the_last_one_that_a_trusted_proxy_vouches_for(string? trusted, string? header, string address) =>
        Assert.Equal(address, await FindAddress(trusted, header is null ? [] : [("X-Forwarded-For", header)]));

    [Theory]
    [Trait("ASVS", "4.1.3")]
    [InlineData(null, "for=203.0.113.9", Loopback)]
    [InlineData("10.0.0.0/8", "for=203.0.113.9", Loopback)]
    [InlineData("127.0.0.1", "for=203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "For=\"203.0.113.9:4711\";Proto=https;by=203.0.113.43;host=evil.example", "203.0.113.9")]
    [InlineData("127.0.0.1", "proto=https; for=203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "for=\"[2001:db8::7]:4711\"", "2001:db8::7")]
    [InlineData("127.0.0.1", "for=\"[2001:db8::7]\"", "2001:db8::7")]
    [InlineData("127.0.0.1", "for=\"\\[2001:db8::7]\"", "2001:db8::7")]
    [InlineData("127.0.0.1", "for=198.51.100.1, for=203.0.113.9", "203.0.113.9")]                   // what the client wrote stands in front
    [InlineData("127.0.0.1", "for=127.0.0.1,, for=203.0.113.9 ,", "203.0.113.9")]
    [InlineData("127.0.0.1,10.0.0.0/8", "for=198.51.100.1, for=203.0.113.9, for=10.1.2.3", "203.0.113.9")]
    [InlineData("127.0.0.1", "for=203.0.113.9, for=unknown", Loopback)]                             // the proxy hides who asked it
    [InlineData("127.0.0.1", "for=203.0.113.9, for=_hidden", Loopback)]
    [InlineData("127.0.0.1", "for=203.0.113.9, proto=https", Loopback)]
    [InlineData("127.0.0.1", "for=\"2001:db8::7\"", Loopback)]                                      // an address of version 6 needs brackets
    [InlineData("127.0.0.1", "for=[2001:db8::7]", Loopback)]                                        // and quotes
    [InlineData("127.0.0.1", "for=\"203.0.113.9", Loopback)]
    [InlineData("127.0.0.1", "for=\", for=203.0.113.9", Loopback)]                                  // an open quote swallows what stands behind it
    [InlineData("127.0.0.1", "for=198.51.100.1;for=203.0.113.9", Loopback)]
    [InlineData("127.0.0.1", "for=203.0.113.9;;", Loopback)]
    [InlineData("127.0.0.1", "for = 203.0.113.9", Loopback)]
    [InlineData("127.0.0.1", "203.0.113.9", Loopback)]
    [InlineData("127.0.0.1", "for=", Loopback)]
    [InlineData("127.0.0.1", "for=203.0.113.9 for=203.0.113.9", Loopback)]
    public async Task The_standard_header_is_read_in_the_same_way(string? trusted, string header, string address) =>
        Assert.Equal(address, await FindAddress(trusted, ("Forwarded", header)));

    [Theory]
    [InlineData("203.0.113.9", "for=203.0.113.9", "203.0.113.9")]
    [InlineData("203.0.113.9", "for=198.51.100.1", Loopback)]
    [InlineData("203.0.113.9", "nonsense", Loopback)]
    [InlineData("nonsense", "for=203.0.113.9", Loopback)]
    [InlineData("198.51.100.1, 203.0.113.9", "for=203.0.113.9", "203.0.113.9")]
    public async Task Of_two_headers_only_what_both_say_counts(string other, string standard, string address) =>
        Assert.Equal(address, await FindAddress("127.0.0.1", ("X-Forwarded-For", other), ("Forwarded", standard)));

    [Fact]
    public async Task Lines_of_one_header_are_one_list()
    {
        Assert.Equal("203.0.113.9", await FindAddress("127.0.0.1", ("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.9")));
        Assert.Equal("203.0.113.9", await FindAddress("127.0.0.1", ("Forwarded", "for=198.51.100.1"), ("Forwarded", "for=203.0.113.9")));
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

    /// <summary>The address in the session of somebody who signs in with these headers.</summary>
    private static async Task<string> FindAddress(string? trusted, params (string Name, string Value)[] headers)
    {
        await using var server = await TestServer.Start(settings: trusted is null ? [] : [("AVOUCH_TRUSTED_PROXIES", trusted)]);
        using var client = server.Client();
        await client.Register("alice");
        var lines = string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\n"));
        var body = $$"""{"username":"alice","password":"{{TestClient.Password}}"}""";

        var login = await RawConnection.Send(server.Url, $"POST /api/v1/auth/login HTTP/1.1\nHost: x\nConnection: close\nContent-Type: application/json\nContent-Length: {body.Length}\n{lines}\n{body}");

        return Assert.Single((await client.Get("/api/v1/auth/sessions", Tokens.Of(login).AccessToken)).Json.GetProperty("sessions").EnumerateArray()).Text("address");
    }
}
