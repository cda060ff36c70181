using System.Text;
using Avouch.Server.Keys;

namespace Avouch.Server.Mail.Smtp;

/// <summary>
/// Hands mail to a server: RFC 5321, with STARTTLS (RFC 3207), AUTH (RFC 4954) and SMTPUTF8 (RFC 6531). A connection for each mail: nothing of one can
/// be left over for the next. Only an answer to the recipient or to the mail itself speaks about this mail; whatever goes wrong before that is
/// wrong for all of them, and is tried again once somebody has mended it.
/// </summary>
internal sealed class SmtpCarrier(SmtpSettings server, MailSettings settings, Installation installation, TimeProvider time) : ICarrier
{
    /// <summary>RFC 5321 §4.5.3.2: whoever hangs up earlier gets mail delivered twice.</summary>
    private static readonly TimeSpan FinalLimit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan DataLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(5);

    /// <summary>When we are told to stop and the mail is out already, the answer may still come.</summary>
    private static readonly TimeSpan LastMoments = TimeSpan.FromSeconds(3);

    private const int TlsPort = 465;

    public string Destination => $"{server.Host}:{server.Port}";

    public async Task<Outcome> Carry(OutgoingMail mail, CancellationToken stop)
    {
        try
        {
            await using var connection = new SmtpConnection(time);
            var offers = await Greet(connection, stop);
            if (server.User is { } user) await SmtpSignIn.Run(connection, offers, user, server.Password ?? "", stop);
            var outcome = await Hand(connection, offers, mail, stop);
            await SayGoodbye(connection);
            return outcome with { Words = SpokenWords.Clean(outcome.Words, mail) };
        }
        catch (SmtpException broken)
        {
            return new Outcome(Verdict.Postponed, SpokenWords.Clean(broken.Message, mail));
        }
    }

    /// <summary>Connects, protects the connection, and learns what the server can do.</summary>
    private async Task<SmtpReply> Greet(SmtpConnection connection, CancellationToken stop)
    {
        await connection.Connect(server.Host, server.Port, stop);
        var isTlsAtOnce = server.Tls == SmtpTls.Tls || (server.Tls == SmtpTls.Auto && server.Port == TlsPort);
        if (isTlsAtOnce) await connection.StartTls(server.Host, server.Roots, stop);
        Require(await connection.Hear(SmtpConnection.CommandLimit, stop), "its greeting");
        var offers = await Hello(connection, stop);
        if (isTlsAtOnce || server.Tls == SmtpTls.None) return offers;
        if (offers.Find("STARTTLS") is null) return MayStayOpen(connection) ? offers : throw new SmtpException(Unprotected);
        Require(await connection.Ask("STARTTLS", SmtpConnection.CommandLimit, stop), "STARTTLS");
        await connection.StartTls(server.Host, server.Roots, stop);
        return await Hello(connection, stop);   // RFC 3207 §4.2: what was said before does not count
    }

    private const string Unprotected = "The server offers no TLS, so nothing was sent. If the network between is yours alone: AVOUCH_SMTP_TLS=none.";

    /// <summary>Whoever is in between can hide the offer. So "auto" gives up TLS only where nobody is in between, or nothing is at stake.</summary>
    private bool MayStayOpen(SmtpConnection connection) =>
        server.Tls == SmtpTls.Auto && (connection.IsLoopback || (server.MayFallBack && server.User is null));

    private async Task<SmtpReply> Hello(SmtpConnection connection, CancellationToken stop) =>
        Require(await connection.Ask($"EHLO {OwnName(connection)}", SmtpConnection.CommandLimit, stop), "EHLO");

    /// <summary>The name under which the world reaches us, else the address that the server sees.</summary>
    private string OwnName(SmtpConnection connection) =>
        Uri.TryCreate(installation.Issuer, UriKind.Absolute, out var issuer) && issuer is { HostNameType: UriHostNameType.Dns, IdnHost: var host } && host.Contains('.', StringComparison.Ordinal) ? host : connection.LocalLiteral;

    private async Task<Outcome> Hand(SmtpConnection connection, SmtpReply offers, OutgoingMail mail, CancellationToken stop)
    {
        if (mail.To.IsInternational && offers.Find("SMTPUTF8") is null) return new Outcome(Verdict.Refused, "The server takes no addresses with letters beyond ASCII (it does not offer SMTPUTF8).");
        var utf8 = mail.To.IsInternational ? " SMTPUTF8" : "";
        Require(await connection.Ask($"MAIL FROM:<{EnvelopeAddress.Of(settings.From)!.Text}>{utf8}", SmtpConnection.CommandLimit, stop), "MAIL");
        var recipient = await connection.Ask($"RCPT TO:<{mail.To.Text}>", SmtpConnection.CommandLimit, stop);
        if (!recipient.IsPositive) return Judge(recipient);
        var ready = await connection.Ask("DATA", SmtpConnection.CommandLimit, stop);
        if (ready.Code != 354) return Judge(ready);
        await connection.Send(Stuff(MimeMessage.Write(mail, settings)), DataLimit, stop);
        using var patience = new CancellationTokenSource();
        await using var hurry = stop.Register(() => patience.CancelAfter(LastMoments));
        return Judge(await connection.Hear(FinalLimit, patience.Token));
    }

    private static Outcome Judge(SmtpReply reply) =>
        new(reply.IsPositive ? Verdict.Accepted : reply.IsPermanent ? Verdict.Refused : Verdict.Postponed, reply.IsPositive ? reply.Show() : $"The server said: {reply.Show()}");

    private static SmtpReply Require(SmtpReply reply, string what) => reply.IsPositive ? reply : throw new SmtpException($"The server refused {what}: {reply.Show()}");

    /// <summary>RFC 5321 §4.5.2: a dot at the beginning of a line is doubled, and one alone ends the mail. Our lines all end in CRLF.</summary>
    private static byte[] Stuff(byte[] mail)
    {
        var stuffed = Encoding.UTF8.GetString(mail).Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(stuffed + ".\r\n");
    }

    /// <summary>What it answers changes nothing any more.</summary>
    private static async Task SayGoodbye(SmtpConnection connection)
    {
        try
        {
            await connection.Send("QUIT\r\n"u8.ToArray(), GoodbyeLimit, CancellationToken.None);
        }
        catch (SmtpException)
        {
            // it has hung up before us
        }
    }
}
