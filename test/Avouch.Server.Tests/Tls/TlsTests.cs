using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tls;

namespace Avouch.Server.Tests.Tls;

/// <summary>A server that ends TLS itself: real handshakes with real certificates.</summary>
public abstract class TlsTests : IAsyncLifetime
{
    private protected CertificateMaker Maker { get; } = new();

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("avouch-test-").FullName;

    private protected string CertificateFile => Path.Combine(Folder, "certificate.pem");

    private protected string KeyFile => Path.Combine(Folder, "key.pem");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Maker.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected void Write(X509Certificate2 certificate)
    {
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem() + "\n" + Maker.ChainPem);
        File.WriteAllText(KeyFile, CertificateMaker.KeyPem(certificate));
    }

    private protected Task<TestServer> Start(params (string Name, string Value)[] more) => TestServer.Start(settings:
        [("AVOUCH_URLS", "https://127.0.0.1:0;http://127.0.0.1:0"), ("AVOUCH_TLS_CERTIFICATE", CertificateFile), ("AVOUCH_TLS_KEY", KeyFile), .. more]);

    /// <summary>Shakes hands as a strict client: the name, the time and every signature up to the root are checked.</summary>
    private protected async Task<SslStream> Connect(TestServer server, SslProtocols protocol = SslProtocols.None, SslApplicationProtocol? application = null)
    {
        var url = server.UrlOf("https");
        var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port);
        var stream = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "auth.example.test",
            EnabledSslProtocols = protocol,
            ApplicationProtocols = application is { } one ? [one] : null,
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Maker.Root }, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        };
        await stream.AuthenticateAsClientAsync(options);
        return stream;
    }

    /// <summary>One request, on a connection that stays open.</summary>
    private protected static async Task<string> Ask(SslStream stream, string url = "/ping")
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {url} HTTP/1.1\r\nHost: auth.example.test\r\n\r\n"));
        var buffer = new byte[16 * 1024];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }

    private protected async Task<string> FindSerial(TestServer server)
    {
        await using var stream = await Connect(server);
        return stream.RemoteCertificate!.GetSerialNumberString();
    }

    /// <summary>Until what lies in the files now counts: it has to be the same in two looks.</summary>
    private protected static void LookTwice(TestServer server)
    {
        server.Time.Advance(CertificateInForce.Look);
        server.Time.Advance(CertificateInForce.Look);
    }
}
