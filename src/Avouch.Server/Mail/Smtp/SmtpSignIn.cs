using System.Text;

namespace Avouch.Server.Mail.Smtp;

/// <summary>RFC 4954, with PLAIN (RFC 4616) or LOGIN, which some servers have instead. Both send the password as it is, so the connection has to hide it.</summary>
internal static class SmtpSignIn
{
    public static async Task Run(SmtpConnection connection, SmtpReply offers, string user, string password, CancellationToken stop)
    {
        if (!connection.IsEncrypted && !connection.IsLoopback) throw new SmtpException("The connection is not encrypted, so the password was not sent.");
        var ways = (offers.Find("AUTH") ?? "").ToUpperInvariant().Split(' ');
        if (ways.Contains("PLAIN")) await Require(connection, $"AUTH PLAIN {Encode($"\0{user}\0{password}")}", 235, stop);
        else if (ways.Contains("LOGIN")) await Login(connection, user, password, stop);
        else throw new SmtpException("The server offers no way to sign in that we know (AUTH PLAIN or LOGIN). If it asks for none, leave AVOUCH_SMTP_USER empty.");
    }

    private static async Task Login(SmtpConnection connection, string user, string password, CancellationToken stop)
    {
        await Require(connection, "AUTH LOGIN", 334, stop);
        await Require(connection, Encode(user), 334, stop);
        await Require(connection, Encode(password), 235, stop);
    }

    private static async Task Require(SmtpConnection connection, string command, int code, CancellationToken stop)
    {
        var reply = await connection.Ask(command, SmtpConnection.CommandLimit, stop);
        if (reply.Code != code) throw new SmtpException($"The server refused the sign-in: {(reply.Code == 334 ? "334" : reply.Show())}");   // the words of a 334 are a challenge
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
