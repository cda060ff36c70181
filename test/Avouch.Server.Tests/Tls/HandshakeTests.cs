using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Avouch.Server.Tests.Tls;

public sealed class HandshakeTests : TlsTests
{
    [Theory]
    [Trait("ASVS", "12.1.1")]
    [Trait("ASVS", "12.1.2")]
    [Trait("ASVS", "12.2.1")]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_strict_client_gets_in_with_forward_secrecy_and_authenticated_encryption(SslProtocols protocol)
    {
        using var certificate = Maker.Issue();
        Write(certificate);
        await using var server = await Start();

        await using var stream = await Connect(server, protocol);

        Assert.Equal(protocol, stream.SslProtocol);
        Assert.Matches("^TLS_(AES|CHACHA20|ECDHE_ECDSA_WITH_(AES|CHACHA20))_.*(GCM|POLY1305)", stream.NegotiatedCipherSuite.ToString());
        Assert.EndsWith("pong", await Ask(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_gets_HTTP_2()
    {
        using var certificate = Maker.Issue();
        Write(certificate);
        await using var server = await Start();

        await using var stream = await Connect(server, application: SslApplicationProtocol.Http2);

        Assert.Equal(SslApplicationProtocol.Http2, stream.NegotiatedApplicationProtocol);
    }

    /// <summary>The greeting is written by hand: a client library of today would refuse to send it.</summary>
    [Theory]
    [Trait("ASVS", "12.1.1")]
    [InlineData(0)]   // SSL 3.0
    [InlineData(1)]   // TLS 1.0
    [InlineData(2)]   // TLS 1.1
    public async Task Older_versions_are_refused(byte minor)
    {
        using var certificate = Maker.Issue();
        Write(certificate);
        await using var server = await Start();
        byte[] suites = [0xC0, 0x09, 0xC0, 0x13, 0x00, 0x2F, 0x00, 0x35];
        byte[] hello = [3, minor, .. Enumerable.Repeat((byte)7, 32), 0, 0, (byte)suites.Length, .. suites, 1, 0];
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.UrlOf("https").Host, server.UrlOf("https").Port);

        await socket.GetStream().WriteAsync((byte[])[22, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello]);
        using var answer = new MemoryStream();
        await socket.GetStream().CopyToAsync(answer);

        var alert = answer.ToArray();
        Assert.True(alert.Length == 0 || (alert is [21, 3, _, 0, 2, 2, 40 or 70]), Convert.ToHexString(alert));   // fatal: handshake_failure or protocol_version
    }

    [Fact]
    public async Task Plain_words_at_the_https_port_get_nothing()
    {
        using var certificate = Maker.Issue();
        Write(certificate);
        await using var server = await Start();
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.UrlOf("https").Host, server.UrlOf("https").Port);

        await socket.GetStream().WriteAsync("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        using var answer = new MemoryStream();
        await socket.GetStream().CopyToAsync(answer);

        Assert.DoesNotContain("pong", System.Text.Encoding.Latin1.GetString(answer.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_may_be_locked_lie_in_the_same_file_or_come_as_PFX()
    {
        using var certificate = Maker.Issue();
        Write(certificate);
        File.WriteAllText(KeyFile, CertificateMaker.LockedKeyPem(certificate, "word"));
        var both = Path.Combine(Folder, "both.pem");
        File.WriteAllText(both, CertificateMaker.KeyPem(certificate) + "\n" + File.ReadAllText(CertificateFile));
        var pfx = Path.Combine(Folder, "all.pfx");
        File.WriteAllBytes(pfx, Maker.Pfx(certificate, "word"));

        foreach (var settings in ((string, string)[][])[[("AVOUCH_TLS_PASSWORD", "word")], [("AVOUCH_TLS_CERTIFICATE", both), ("AVOUCH_TLS_KEY", "")], [("AVOUCH_TLS_CERTIFICATE", pfx), ("AVOUCH_TLS_KEY", ""), ("AVOUCH_TLS_PASSWORD", "word")]])
        {
            await using var server = await Start(settings);

            Assert.Equal(certificate.SerialNumber, await FindSerial(server));
        }
    }
}
