using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Tls;

/// <summary>A browser, nginx as docs/behind-a-proxy.md sets it up, and the server behind it.</summary>
public sealed class NginxTests : TlsTests
{
    private const string Browser = "127.0.0.2";   // whom nginx sees; the server sees nginx at 127.0.0.1

    [Fact]
    public async Task The_address_the_scheme_and_the_cookie_are_those_of_the_browser_whatever_it_claims()
    {
        await using var server = await Serve();
        using var nginx = await Front(server);
        using var client = Client(nginx.HttpsPort);
        using var direct = server.Client();
        await direct.Register("alice");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "http");
        client.DefaultRequestHeaders.Add("Forwarded", "for=203.0.113.7;proto=http");
        client.DefaultRequestHeaders.Add("Avouch-Csrf", "1");

        using var signedIn = await client.PostAsJsonAsync("https://auth.example.test/api/v1/auth/login", new { username = "alice", password = TestClient.Password, cookie = true });
        var tokens = await signedIn.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        var session = (await direct.Get("/api/v1/auth/sessions", tokens.Text("access_token"))).Json.GetProperty("sessions")[0];

        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        Assert.Equal(Browser, session.Text("address"));
        Assert.StartsWith("max-age=31536000", signedIn.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        Assert.All(signedIn.Headers.GetValues("Set-Cookie"), cookie => Assert.Matches("^__Host-avouch-.*; path=/; secure; samesite=strict; httponly$", cookie));
        using var refreshed = await Refresh(client, signedIn.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Fact]
    public async Task Plain_HTTP_sends_a_page_on_and_refuses_a_call()
    {
        await using var server = await Serve();
        using var nginx = await Front(server);
        using var client = Client(nginx.HttpPort);

        using var page = new HttpRequestMessage(HttpMethod.Get, "http://auth.example.test/verify-email?token=abc") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } } };
        using var sentOn = await client.SendAsync(page);
        using var call = await client.PostAsJsonAsync("http://auth.example.test/api/v1/auth/login", new { username = "alice", password = TestClient.Password });

        Assert.Equal(HttpStatusCode.PermanentRedirect, sentOn.StatusCode);
        Assert.Equal("https://auth.example.test/verify-email?token=abc", sentOn.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, call.StatusCode);
        Assert.Contains("\"code\":\"https_required\"", await call.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(sentOn.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Nobody_reads_metrics_through_it()
    {
        await using var server = await Serve();
        using var nginx = await Front(server);
        using var client = Client(nginx.HttpsPort);
        using var direct = server.Client();

        using var answer = await client.GetAsync("https://auth.example.test/metrics");

        Assert.False(answer.IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, (await direct.Get("/metrics")).Status);
    }

    private static Task<TestServer> Serve() => TestServer.Start(settings: ("AVOUCH_TRUSTED_PROXIES", "127.0.0.1,::1"));

    private Task<Nginx> Front(TestServer server)
    {
        using var certificate = Maker.Issue();
        Write(certificate);
        return Nginx.Start(Folder, server.Url, CertificateFile, KeyFile);
    }

    private static async Task<HttpResponseMessage> Refresh(HttpClient client, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://auth.example.test/api/v1/auth/refresh") { Headers = { { "Cookie", cookie } } };
        return await client.SendAsync(request);
    }

    /// <summary>Comes from an address of its own, and trusts the test's authority alone.</summary>
    private HttpClient Client(int port) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Maker.Root }, RevocationMode = X509RevocationMode.NoCheck } },
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(Browser), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
