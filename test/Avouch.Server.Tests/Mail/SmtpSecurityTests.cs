using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Mail.Smtp;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Mail;

/// <summary>What is sent over which connection, and to whom a password is shown.</summary>
public sealed class SmtpSecurityTests : IDisposable
{
    private static readonly (string, string)[] SignIn = [("AVOUCH_SMTP_USER", "avouch"), ("AVOUCH_SMTP_PASSWORD", "swordfish")];

    private readonly TestAuthority authority = new();

    public void Dispose() => authority.Dispose();

    [Theory]
    [Trait("ASVS", "12.3.1")]
    [Trait("ASVS", "12.3.3")]
    [InlineData("starttls", "auto", "PLAIN LOGIN")]
    [InlineData("starttls", "starttls", "PLAIN LOGIN")]
    [InlineData("starttls", "starttls", "LOGIN")]
    [InlineData("implicit", "tls", "PLAIN")]
    public async Task With_TLS_the_mail_and_the_password_are_hidden(string offered, string wanted, string ways)
    {
        await using var smtp = await MailServer.Start(["--tls", offered, "--auth", "required", "--ways", ways, .. authority.Certify("localhost")]);

        var outcome = await Carry(smtp, [("AVOUCH_SMTP_TLS", wanted), ("AVOUCH_SMTP_CA", authority.RootFile), .. SignIn]);

        Assert.Equal(new Outcome(Verdict.Accepted, "250 2.0.0 Kept as 1"), outcome);
        var mail = await smtp.Await("message");
        Assert.True(mail.GetProperty("tls").GetBoolean());
        Assert.Equal("avouch", mail.Text("user"));
        Assert.All(smtp.All("auth"), auth => Assert.True(auth.GetProperty("tls").GetBoolean()));
        Assert.Equal(ways.Split(' ')[0], Assert.Single(smtp.All("auth")).Text("way"));
    }

    [Theory]
    [Trait("ASVS", "12.3.2")]
    [InlineData("starttls", "auto")]
    [InlineData("starttls", "starttls")]
    [InlineData("implicit", "tls")]
    public async Task A_certificate_of_nobody_we_trust_ends_it(string offered, string wanted)
    {
        await using var smtp = await MailServer.Start(["--tls", offered, "--auth", "offered", .. authority.Certify("localhost")]);

        AssertNothingSent(smtp, "TLS with localhost failed", await Carry(smtp, [("AVOUCH_SMTP_TLS", wanted), .. SignIn]));
    }

    [Theory]
    [Trait("ASVS", "12.3.2")]
    [InlineData("other.example.test", 10)]
    [InlineData("localhost", 0)]
    public async Task A_certificate_for_another_name_or_of_yesterday_ends_it(string name, int daysLeft)
    {
        await using var smtp = await MailServer.Start(["--tls", "starttls", "--auth", "offered", .. authority.Certify(name, daysLeft)]);

        AssertNothingSent(smtp, "TLS with localhost failed", await Carry(smtp, [("AVOUCH_SMTP_CA", authority.RootFile), .. SignIn]));
    }

    [Fact]
    [Trait("ASVS", "12.3.1")]
    public async Task STARTTLS_that_is_not_offered_ends_it()
    {
        await using var smtp = await MailServer.Start("--auth", "offered");

        AssertNothingSent(smtp, "The server offers no TLS, so nothing was sent.", await Carry(smtp, [("AVOUCH_SMTP_TLS", "starttls"), .. SignIn]));
    }

    [Fact]
    public async Task STARTTLS_that_is_refused_ends_it()
    {
        await using var smtp = await MailServer.Start(["--tls", "starttls", "--auth", "offered", .. authority.Certify("localhost")]);
        await smtp.Order("STARTTLS", "454 4.7.0 Not now");

        AssertNothingSent(smtp, "The server refused STARTTLS: 454 4.7.0 Not now", await Carry(smtp, [("AVOUCH_SMTP_CA", authority.RootFile), .. SignIn]));
    }

    [Fact]
    [Trait("ASVS", "12.3.1")]
    public async Task What_stands_in_front_of_TLS_is_not_taken_for_a_part_of_it()
    {
        await using var smtp = await MailServer.Start(["--tls", "starttls", "--auth", "offered", .. authority.Certify("localhost")]);
        await smtp.Order("STARTTLS", "inject");

        AssertNothingSent(smtp, "The server spoke before TLS had begun, or somebody in between did.", await Carry(smtp, [("AVOUCH_SMTP_CA", authority.RootFile), .. SignIn]));
    }

    [Theory]
    [InlineData("127.0.0.1", "auto")]
    [InlineData("127.0.0.1", "none")]
    public async Task Without_TLS_a_password_goes_to_this_machine_only(string host, string tls)
    {
        await using var smtp = await MailServer.Start("--auth", "required");

        Assert.Equal(Verdict.Accepted, (await Carry(smtp, [("AVOUCH_SMTP_HOST", host), ("AVOUCH_SMTP_TLS", tls), .. SignIn])).Verdict);
    }

    [Fact]
    public async Task A_password_that_is_refused_is_told_without_the_password_and_the_letter_waits()
    {
        await using var smtp = await MailServer.Start("--auth", "required");

        var outcome = await Carry(smtp, [("AVOUCH_SMTP_USER", "avouch"), ("AVOUCH_SMTP_PASSWORD", "tr0ub4dor&3")]);

        AssertNothingSent(smtp, "The server refused the sign-in: 535", outcome);
        Assert.DoesNotContain("tr0ub4dor", outcome.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_offers_no_sign_in_is_told()
    {
        await using var smtp = await MailServer.Start();
        await smtp.Order("hide", "AUTH");

        AssertNothingSent(smtp, "The server offers no way to sign in that we know", await Carry(smtp, SignIn));
    }

    [Fact]
    public async Task An_empty_user_means_no_sign_in()
    {
        await using var smtp = await MailServer.Start("--auth", "offered");

        Assert.Equal(Verdict.Accepted, (await Carry(smtp, [("AVOUCH_SMTP_USER", ""), ("AVOUCH_SMTP_PASSWORD", "swordfish")])).Verdict);
        Assert.Empty(smtp.All("auth"));
    }

    [Theory]
    [InlineData("220-" + "x", 5000)]
    [InlineData("220-x\r\n", 500)]
    public async Task A_greeting_without_end_ends_it(string piece, int times)
    {
        await using var smtp = await MailServer.Start();
        await smtp.Order("connect", string.Concat(Enumerable.Repeat(piece, times)));

        Assert.Equal("The server's answer does not end.", (await Carry(smtp, [])).Words);
    }

    [Fact]
    public async Task Who_does_not_speak_SMTP_is_told()
    {
        await using var smtp = await MailServer.Start();
        await smtp.Order("connect", "HTTP/1.1 400 Bad Request");

        Assert.Equal("The server does not speak SMTP.", (await Carry(smtp, [])).Words);
    }

    [Fact]
    public async Task Nobody_there_is_told()
    {
        int port;
        await using (var smtp = await MailServer.Start()) port = smtp.Port;

        var outcome = await Carry(null, [("AVOUCH_SMTP_PORT", port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("AVOUCH_SMTP_HOST", "127.0.0.1"), ("AVOUCH_MAIL_FROM", "a@example.test")]);

        Assert.Equal(Verdict.Postponed, outcome.Verdict);
        Assert.StartsWith("There is no connection:", outcome.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_hello_with_the_name_that_the_world_knows()
    {
        await using var smtp = await MailServer.Start();

        await Carry(smtp, []);

        Assert.Equal("auth.example.test", (await smtp.Await("ehlo")).Text("name"));
    }

    private static void AssertNothingSent(MailServer smtp, string words, Outcome outcome)
    {
        Assert.Equal(Verdict.Postponed, outcome.Verdict);   // it is wrong for every mail, and may be mended
        Assert.StartsWith(words, outcome.Words, StringComparison.Ordinal);
        Assert.All(smtp.All("auth"), auth => Assert.StartsWith("The server refused the sign-in", words, StringComparison.Ordinal));
        Assert.Empty(smtp.All("MAIL"));
        Assert.Empty(smtp.All("message"));
    }

    private static async Task<Outcome> Carry(MailServer? smtp, (string Name, string Value)[] settings)
    {
        var all = MailSettingsTests.Read([.. smtp?.Settings() ?? [], .. settings]).Settings!.Mail;
        var carrier = new SmtpCarrier(all.Smtp!, all, new Installation(TestServer.Issuer, null), TimeProvider.System);
        var letter = new Letter(MailTemplate.Test, null, "alice@example.test", null, new Dictionary<string, string>());
        return await carrier.Carry(new Composer(all).Compose(Guid.CreateVersion7(), DateTimeOffset.UtcNow, letter).Mail!, CancellationToken.None);
    }
}
