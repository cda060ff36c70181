using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Mail;

/// <summary>How a connection to a mail server is protected.</summary>
internal enum SmtpTls
{
    /// <summary>TLS at once on port 465, STARTTLS elsewhere. Without either only to this machine, or in development where no password is sent.</summary>
    Auto,

    /// <summary>STARTTLS, or nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>No TLS: for a server on this machine, or a network that is one's own.</summary>
    None,
}

/// <summary>The server that takes our mail.</summary>
/// <param name="User">Empty: no authentication.</param>
/// <param name="Roots">Who may have signed its certificate; the system's roots if left out.</param>
/// <param name="MayFallBack">In development <see cref="SmtpTls.Auto"/> takes a server without TLS: the catchers of mail that developers use have none.</param>
internal sealed record SmtpSettings(string Host, int Port, string? User, string? Password, SmtpTls Tls, X509Certificate2Collection? Roots, bool MayFallBack);

/// <summary>Where mail goes, whom it comes from, and its words.</summary>
/// <param name="Smtp">Nothing: mail goes into files.</param>
internal sealed record MailSettings(SmtpSettings? Smtp, string From, string FromName, MailTemplates Templates)
{
    private const int SubmissionPort = 587;
    private const int TlsPort = 465;
    private const int MaxName = 100;

    public static MailSettings Read(SettingsReader reader, ServerSettings server)
    {
        var host = reader.TextOrNull("AVOUCH_SMTP_HOST", "The server that takes our mail. Without one, mail is written into files in the folder mail of the data folder, and in development shown at /dev/mail.");
        var tls = reader.Choice("AVOUCH_SMTP_TLS", "How the connection to it is protected: auto (TLS at once on port 465, else STARTTLS; without TLS only to this machine, or in development without a password), starttls, tls, none. Certificates are always verified.",
            ("auto", SmtpTls.Auto), ("starttls", SmtpTls.StartTls), ("tls", SmtpTls.Tls), ("none", SmtpTls.None));
        var port = reader.Number("AVOUCH_SMTP_PORT", "Its port.", tls == SmtpTls.Tls ? TlsPort : SubmissionPort, 1, 65_535, "587; 465 with AVOUCH_SMTP_TLS=tls");
        var user = reader.TextOrNull("AVOUCH_SMTP_USER", "Whom to sign in as there. Empty: no authentication.");
        var password = reader.Secret("AVOUCH_SMTP_PASSWORD", "The password of that user. Never sent without TLS, except to this machine.", "not set");
        var authority = reader.TextOrNull("AVOUCH_SMTP_CA", "A PEM file of the authorities that may have signed its certificate.", "the authorities of the system");
        var from = reader.TextOrNull("AVOUCH_MAIL_FROM", "The address that mail comes from. Needed with AVOUCH_SMTP_HOST.", "avouch@localhost");
        var name = reader.Text("AVOUCH_MAIL_FROM_NAME", "The name beside it, and what the service is called in mails.", Product.Name);
        var folder = reader.TextOrNull("AVOUCH_MAIL_TEMPLATES", "A folder of templates that take the place of ours, file by file. See: avouch mail template", "none");

        Check(reader, host, user, password, tls);
        CheckFrom(reader, host, from, name);
        var roots = authority is null ? null : ReadRoots(reader, authority);
        var smtp = host is null ? null : new SmtpSettings(host, port, user, password, tls, roots, server.Environment == DeploymentEnvironment.Development);
        return new MailSettings(smtp, from ?? "avouch@localhost", name, ReadTemplates(reader, folder));
    }

    public IEnumerable<string> FindWarnings(DeploymentEnvironment environment)
    {
        if (environment != DeploymentEnvironment.Production) yield break;
        if (Smtp is { Tls: SmtpTls.None } open && !IsLoopback(open.Host)) yield return $"AVOUCH_SMTP_TLS=none: whoever sees the network between here and {open.Host} reads the links in mails. Use starttls or tls, unless that network is yours alone.";
    }

    private static void Check(SettingsReader reader, string? host, string? user, string? password, SmtpTls tls)
    {
        if (host is not null && Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown) reader.Fault("AVOUCH_SMTP_HOST", host, "is not the name or address of a machine", "Use for example smtp.example.com, and put the port into AVOUCH_SMTP_PORT.");
        if (host is null) return;
        if (user is not null && password is null) reader.Fault("AVOUCH_SMTP_PASSWORD", "(unset)", "is needed beside AVOUCH_SMTP_USER", "Set it, or leave AVOUCH_SMTP_USER out for a server that asks for none.");
        if (user is not null && tls == SmtpTls.None && !IsLoopback(host)) reader.Fault("AVOUCH_SMTP_TLS", "none", "would send the password of AVOUCH_SMTP_USER unprotected to another machine", "Use auto, starttls or tls.");
    }

    private static void CheckFrom(SettingsReader reader, string? host, string? from, string name)
    {
        if (host is not null && from is null) reader.Fault("AVOUCH_MAIL_FROM", "(unset)", "is needed with AVOUCH_SMTP_HOST", "Set it to an address that this server may send for, for example no-reply@example.com.");
        if (from is not null && (AccountRules.CheckEmail(from) is not null || EnvelopeAddress.Of(from) is not { IsInternational: false })) reader.Fault("AVOUCH_MAIL_FROM", from, "is not an e-mail address that every server takes", "Use for example no-reply@example.com; the name has a setting of its own.");
        if (name.Length > MaxName || name.Any(char.IsControl)) reader.Fault("AVOUCH_MAIL_FROM_NAME", "(not shown)", $"is longer than {MaxName} letters or holds control characters", "Use a short name, for example Example Shop.");
    }

    private static X509Certificate2Collection? ReadRoots(SettingsReader reader, string file)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            if (roots.Count > 0) return roots;
            reader.Fault("AVOUCH_SMTP_CA", file, "holds no certificate", "Name a PEM file with the certificate of the authority.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            reader.Fault("AVOUCH_SMTP_CA", file, $"cannot be read ({unreadable.Message})", "Name a PEM file that this user may read.");
        }
        return null;
    }

    private static MailTemplates ReadTemplates(SettingsReader reader, string? folder)
    {
        var loader = new TemplateLoader();
        var templates = loader.Load(folder);
        foreach (var (file, reason) in loader.Faults)
            reader.Fault("AVOUCH_MAIL_TEMPLATES", file, reason.TrimEnd('.'), "Mend or remove what it names. This prints ours: avouch mail template NAME");
        return templates ?? new TemplateLoader().Load(null)!;   // nobody sees these: faults stop the start
    }

    private static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
