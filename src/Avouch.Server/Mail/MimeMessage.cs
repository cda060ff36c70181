using System.Globalization;
using System.Text;

namespace Avouch.Server.Mail;

/// <summary>
/// The bytes of a mail (RFC 5322, RFC 2045): a text and the same in HTML. Every byte but those of an international address is ASCII, and the bytes
/// of a letter are the same at each try.
/// </summary>
internal static class MimeMessage
{
    public static byte[] Write(OutgoingMail mail, MailSettings settings)
    {
        var boundary = $"=_{mail.Id:N}";   // "=_" cannot stand in quoted-printable text (RFC 2045 §6.7)
        var from = EnvelopeAddress.Of(settings.From)!.Text;
        var text = new StringBuilder();
        Header("Date", mail.Date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header("From", $"{HeaderText.Phrase(settings.FromName)}\r\n <{from}>");
        Header("To", mail.To.Text);
        Header("Subject", HeaderText.Unstructured(mail.Subject));
        Header("Message-ID", MessageId(mail.Id, from));
        Header("Auto-Submitted", "auto-generated");   // RFC 3834: no holiday notes in return
        Header("X-Auto-Response-Suppress", "All");    // the same in the words of Exchange
        Header("Content-Language", mail.Language);
        Header("MIME-Version", "1.0");
        Header("Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        text.Append("\r\n");
        Part("text/plain", mail.Text);
        Part("text/html", mail.Html);
        text.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());

        void Header(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");

        void Part(string type, string content)
        {
            text.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\n");
            Header("Content-Type", $"{type}; charset=utf-8");
            Header("Content-Transfer-Encoding", "quoted-printable");
            text.Append("\r\n").Append(QuotedPrintable.Encode(content));
        }
    }

    /// <summary>The same for each try: a mail that came twice can be shown once.</summary>
    public static string MessageId(Guid id, string from) => $"<{id:N}@{from[(from.LastIndexOf('@') + 1)..]}>";
}
