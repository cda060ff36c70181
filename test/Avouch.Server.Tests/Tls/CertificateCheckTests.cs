using System.Security.Cryptography;
using Avouch.Server.Cli.Checks;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Cli;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Tls;

/// <summary>What a start, <c>settings check</c> and <c>doctor</c> say of the certificate.</summary>
public sealed class CertificateCheckTests : TlsTests
{
    [Fact]
    public void What_cannot_be_used_is_a_fault_with_a_remedy()
    {
        using var good = Maker.Issue();
        using var other = Maker.Issue();
        using var forClients = Maker.Issue(purpose: "1.3.6.1.5.5.7.3.2");
        using var weakKey = RSA.Create(1024);
        using var weak = Maker.Issue(rsa: weakKey);
        (string Words, Action Make)[] cases =
        [
            ("cannot be used", () => File.WriteAllText(CertificateFile, "")),
            ("cannot be used", () => File.WriteAllText(CertificateFile, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")),
            ("cannot be used", () => File.WriteAllText(KeyFile, "")),
            ("cannot be used", () => File.WriteAllText(KeyFile, CertificateMaker.KeyPem(other))),
            ("cannot be used", () => File.WriteAllText(KeyFile, CertificateMaker.LockedKeyPem(good, "word"))),
            ("cannot be used", () => File.WriteAllBytes(CertificateFile, Maker.Pfx(good, "word"))),
            ("cannot be read", () => File.Delete(KeyFile)),
            ("cannot be read", () => File.Delete(CertificateFile)),
            ("not for servers", () => Write(forClients)),
            ("1024 bits", () => Write(weak)),
        ];
        foreach (var (words, make) in cases)
        {
            Write(good);
            Assert.Equal(Finding.IsOk, Assert.Single(Find()).Severity);

            make();

            var finding = Assert.Single(Find());
            Assert.Equal(Finding.IsFault, finding.Severity);
            Assert.Contains(words, finding.Text, StringComparison.Ordinal);
            Assert.NotEmpty(finding.Remedy!);
            Assert.DoesNotContain("PRIVATE", finding.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_warns_two_weeks_before_the_end_and_from_the_end_on()
    {
        var end = new DateTimeOffset(2027, 3, 4, 5, 6, 7, TimeSpan.Zero);
        using var certificate = Maker.Issue(end.AddDays(-90), end);
        Write(certificate);

        Assert.Equal(Finding.IsOk, Assert.Single(Find(end.AddDays(-14).AddSeconds(-1))).Severity);
        Assert.Contains("expires at", Assert.Single(Find(end.AddDays(-14))).Text, StringComparison.Ordinal);
        Assert.Contains("expires at", Assert.Single(Find(end.AddSeconds(-1))).Text, StringComparison.Ordinal);
        Assert.Contains("has expired", Assert.Single(Find(end)).Text, StringComparison.Ordinal);
        Assert.Contains("valid only from", Assert.Single(Find(end.AddDays(-90).AddSeconds(-1))).Text, StringComparison.Ordinal);
        Assert.All([Find(end), Find(end.AddSeconds(-1))], findings => Assert.Equal(Finding.IsWarning, Assert.Single(findings).Severity));
    }

    [Fact]
    public void A_certificate_for_another_name_warns()
    {
        using var certificate = Maker.Issue();
        Write(certificate);

        Assert.Contains("is not for other.example.test", Find(url: "https://other.example.test")[1].Text, StringComparison.Ordinal);
        Assert.Single(Find(url: "https://auth.example.test"));
    }

    [Fact]
    public async Task A_start_and_a_check_refuse_a_missing_file_and_warn_of_an_expired_one()
    {
        using var expired = Maker.Issue(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(-1));
        (string, string)[] settings = [("AVOUCH_URLS", "https://127.0.0.1:0"), ("AVOUCH_PUBLIC_URL", "https://auth.example.test"), ("AVOUCH_TLS_CERTIFICATE", CertificateFile), ("AVOUCH_TLS_KEY", KeyFile)];

        var data = Path.Combine(Folder, "data");
        foreach (var command in (string[][])[["settings", "check"], ["serve", "--data", data]])
        {
            var refused = await Child.RunWith(Folder, settings, command);
            Assert.Equal((3, ""), (refused.Exit, refused.Output));
            Assert.Contains(CertificateFile, refused.Error, StringComparison.Ordinal);
            Assert.Contains("Set AVOUCH_TLS_CERTIFICATE", refused.Error, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(data));
        Write(expired);
        var warned = await Child.RunWith(Folder, settings, "settings", "check");
        Assert.Equal(0, warned.Exit);
        Assert.Contains("has expired", warned.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_others_may_read_is_told_of_and_no_command_writes_over_it()
    {
        using var certificate = Maker.Issue();
        Write(certificate);
        FileModes.LetOthersRead(KeyFile);
        var settings = Read();

        Assert.Contains(SettingsChecks.SecretFiles(settings), finding => finding.Text.Contains(KeyFile, StringComparison.Ordinal));
        Assert.Contains(KeyFile, Server.Cli.Files.OwnFiles.SecretFiles(settings));
    }

    private List<Finding> Find(DateTimeOffset? now = null, string url = "https://auth.example.test") => [.. TlsChecks.Find(Read(url).Server, now ?? DateTimeOffset.UtcNow)];

    private AvouchSettings Read(string url = "https://auth.example.test") => AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string>
    {
        ["AVOUCH_URLS"] = "https://*:443",
        ["AVOUCH_PUBLIC_URL"] = url,
        ["AVOUCH_TLS_CERTIFICATE"] = CertificateFile,
        ["AVOUCH_TLS_KEY"] = KeyFile,
    })).Settings!;
}
