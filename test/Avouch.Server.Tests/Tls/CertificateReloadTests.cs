using System.Security.Authentication;
using Avouch.Server.Tls;

namespace Avouch.Server.Tests.Tls;

/// <summary>New files are taken without a restart, and only good ones.</summary>
public sealed class CertificateReloadTests : TlsTests
{
    [Fact]
    public async Task New_connections_get_the_new_certificate_and_old_ones_go_on()
    {
        using var first = Maker.Issue();
        using var second = Maker.Issue();
        Write(first);
        await using var server = await Start();
        await using var open = await Connect(server);
        Assert.Contains("pong", await Ask(open), StringComparison.Ordinal);

        Write(second);
        server.Time.Advance(CertificateInForce.Look);
        Assert.Equal(first.SerialNumber, await FindSerial(server));   // seen once: the rest may be on its way
        server.Time.Advance(CertificateInForce.Look);

        Assert.Equal(second.SerialNumber, await FindSerial(server));
        Assert.Contains("pong", await Ask(open), StringComparison.Ordinal);
        Assert.Equal(first.SerialNumber, open.RemoteCertificate!.GetSerialNumberString());
        Assert.Contains(server.Logs.Lines, line => line.Contains("New connections get the certificate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_that_is_turned_to_other_files_is_noticed()
    {
        using var first = Maker.Issue();
        using var second = Maker.Issue();
        var (one, two, link) = (Path.Combine(Folder, "1"), Path.Combine(Folder, "2"), Path.Combine(Folder, "now"));
        foreach (var (place, certificate) in new[] { (one, first), (two, second) })
        {
            Write(certificate);
            Directory.CreateDirectory(place);
            File.Move(CertificateFile, Path.Combine(place, "certificate.pem"));
            File.Move(KeyFile, Path.Combine(place, "key.pem"));
        }
        Directory.CreateSymbolicLink(link, one);
        await using var server = await Start(("AVOUCH_TLS_CERTIFICATE", Path.Combine(link, "certificate.pem")), ("AVOUCH_TLS_KEY", Path.Combine(link, "key.pem")));
        Assert.Equal(first.SerialNumber, await FindSerial(server));

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, two);
        LookTwice(server);

        Assert.Equal(second.SerialNumber, await FindSerial(server));
    }

    [Fact]
    public async Task Files_that_are_no_good_change_nothing_and_are_told_once()
    {
        using var first = Maker.Issue();
        using var second = Maker.Issue();
        Write(first);
        await using var server = await Start();
        var good = (Certificate: File.ReadAllText(CertificateFile), Key: File.ReadAllText(KeyFile));
        Action[] spoil =
        [
            () => File.WriteAllText(CertificateFile, "nonsense"),
            () => File.WriteAllText(KeyFile, CertificateMaker.KeyPem(second)),
            () => File.WriteAllText(CertificateFile, good.Certificate[..200]),
            () => File.WriteAllText(KeyFile, ""),
            () => File.Delete(KeyFile),
        ];

        foreach (var (round, make) in spoil.Index())
        {
            make();
            for (var look = 0; look < 5; look++) server.Time.Advance(CertificateInForce.Look);

            Assert.Equal(first.SerialNumber, await FindSerial(server));
            Assert.Equal(round + 1, server.Logs.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("The certificate was not exchanged", StringComparison.Ordinal)));
            File.WriteAllText(CertificateFile, good.Certificate);
            File.WriteAllText(KeyFile, good.Key);
            LookTwice(server);
        }
        Write(second);
        LookTwice(server);
        Assert.Equal(second.SerialNumber, await FindSerial(server));
        Assert.DoesNotContain(server.Logs.Lines, line => line.Contains("PRIVATE KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_certificate_is_shown_as_it_is_and_clients_refuse_it()
    {
        using var expired = Maker.Issue(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(-1));
        Write(expired);
        await using var server = await Start();

        await Assert.ThrowsAsync<AuthenticationException>(() => Connect(server));
    }
}
