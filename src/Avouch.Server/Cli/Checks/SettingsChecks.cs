using Avouch.Server.Cli.Files;
using Avouch.Server.Mail;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli.Checks;

/// <summary>Valid settings that are not what a public server wants, and secrets in files that others may read.</summary>
internal static class SettingsChecks
{
    public const string Area = "settings";

    public static IEnumerable<Finding> Find(AvouchSettings settings)
    {
        yield return Finding.Ok(Area, $"valid, for {settings.Server.Environment.ToString().ToLowerInvariant()}");
        foreach (var warning in settings.Warnings) yield return Finding.Warning(Area, warning, "avouch settings print shows where it comes from.");
        foreach (var finding in SecretFiles(settings)) yield return finding;
        foreach (var finding in Urls(settings.Server)) yield return finding;
        yield return Mail(settings);
    }

    /// <summary>Where mail goes. Without a server for it nobody gets any, which only a developer can want.</summary>
    public static Finding Mail(AvouchSettings settings)
    {
        if (settings.Mail.Smtp is { } smtp) return Finding.Ok("mail", $"to {smtp.Host}:{smtp.Port}; this tries it: avouch mail send-test you@example.com");
        var folder = Path.Combine(settings.Server.DataFolder, MailFolder.Name);
        return settings.Server.Environment == DeploymentEnvironment.Development
            ? Finding.Ok("mail", $"into files in {folder}, shown at /dev/mail")
            : Finding.Warning("mail", $"AVOUCH_SMTP_HOST is not set: mail reaches nobody, and is written into files in {folder}.", "Set AVOUCH_SMTP_HOST and AVOUCH_MAIL_FROM.");
    }

    private static IEnumerable<Finding> Urls(ServerSettings server)
    {
        if (server.Environment != DeploymentEnvironment.Production) yield break;
        if (server.PublicUrl is null)
            yield return Finding.Warning(Area, $"AVOUCH_PUBLIC_URL is not set, so the issuer is the address that the server first listened on.", "Set it to what browsers see, for example https://auth.example.com.");
        else if (server.PublicUrl.StartsWith("http://", StringComparison.Ordinal) && !UrlRules.IsLoopback(server.PublicUrl))
            yield return Finding.Warning(Area, $"AVOUCH_PUBLIC_URL is {server.PublicUrl}: tokens and passwords travel without TLS.", "Let a proxy end TLS, and set it to the https address.");
        else
            yield return Finding.Ok(Area, $"public URL {server.PublicUrl}");
        if (server.PublicUrl?.StartsWith("https://", StringComparison.Ordinal) == true && server.TrustedProxies.Count == 0)
            yield return Finding.Warning(Area, "AVOUCH_TRUSTED_PROXIES is not set, so every session and every refused sign-in shows the address of the proxy that ends TLS.", "Let the proxy write X-Forwarded-For, and name it, for example AVOUCH_TRUSTED_PROXIES=127.0.0.1.");
    }

    /// <summary>Files that hold a secret of the settings and that others may read.</summary>
    public static IEnumerable<Finding> SecretFiles(AvouchSettings settings)
    {
        foreach (var file in OwnFiles.SecretFiles(settings).Where(Rights.IsOpenToOthers))
            yield return Finding.Fault(Area, $"{file} holds a secret, and others may read it ({Rights.Show(file)}).", $"chmod 600 {file}, and change the secret if somebody may have read it.");
    }
}
