using Avouch.Server.Cli.Checks;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Cli;

/// <summary>What a server says on standard error at each start, and goes on.</summary>
internal static class StartWarnings
{
    public static IEnumerable<string> Find(AvouchSettings settings, Installation installation)
    {
        foreach (var warning in OfSettings(settings)) yield return warning;
        foreach (var finding in FolderChecks.Writers(settings.Server)) yield return Say(finding);
        if (SettingsChecks.Mail(settings) is { Remedy: not null } mail) yield return Say(mail);
        if (OfIssuer(settings.Server, installation.StoredIssuer) is { } drift) yield return Say(drift);
    }

    /// <summary>Those that need no database: the settings, and files with secrets that others may read.</summary>
    public static IEnumerable<string> OfSettings(AvouchSettings settings) =>
        settings.Warnings.Concat(SettingsChecks.SecretFiles(settings).Concat(FolderChecks.KeyReaders(settings.Server)).Select(Say));

    /// <summary>Somebody moved the server and did not say what it is called now.</summary>
    public static Finding? OfIssuer(ServerSettings server, string? stored)
    {
        if (stored is null || server.PublicUrl is not null || server.Urls.Any(url => UrlRules.ToPublic(url) == stored)) return null;
        return Finding.Warning(SettingsChecks.Area,
            $"The issuer is {stored}, as when this server first listened, but now it listens on {string.Join(", ", server.Urls)}: tokens and discovery name an address where it no longer is.",
            "Set AVOUCH_PUBLIC_URL to what browsers see. That changes the issuer: access tokens of the old one are refused, and clients refresh.");
    }

    private static string Say(Finding finding) => $"{finding.Text} {finding.Remedy}";
}
