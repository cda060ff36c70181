namespace Avouch.Server.Settings;

/// <summary>How long the secrets of mailed links live, and whether a developer sees them in answers.</summary>
internal sealed record ProofSettings(TimeSpan Reset, TimeSpan Verification, TimeSpan EmailChange, bool ShowsTokens)
{
    /// <summary>Long enough for somebody who reads their mail once a week.</summary>
    public static readonly TimeSpan Undo = TimeSpan.FromDays(7);

    private const string ShowTokens = "AVOUCH_DEV_TOKENS";

    public static ProofSettings Read(SettingsReader reader, ServerSettings server)
    {
        var reset = reader.Number("AVOUCH_RESET_EXPIRE_MINUTES", "Life of a link that sets a new password, in minutes.", 60, 5, 24 * 60);
        var verification = reader.Number("AVOUCH_VERIFICATION_EXPIRE_HOURS", "Life of a link that verifies an e-mail address, in hours.", 24, 1, 30 * 24);
        var change = reader.Number("AVOUCH_EMAIL_CHANGE_EXPIRE_MINUTES", "Life of a link that confirms a new e-mail address, in minutes.", 60, 5, 24 * 60);
        var shows = reader.Flag(ShowTokens, "Answers to reset and verification requests end with the secret, for a developer on this machine. Only with AVOUCH_ENVIRONMENT=development.", false);
        if (shows && server.Environment != DeploymentEnvironment.Development)
            reader.Fault(ShowTokens, "true", "would give everybody's reset secrets away outside of development", "Leave it out, or set AVOUCH_ENVIRONMENT=development on a developer's machine.");
        return new ProofSettings(TimeSpan.FromMinutes(reset), TimeSpan.FromHours(verification), TimeSpan.FromMinutes(change), shows);
    }

    /// <summary>A proxy on this machine that adds nothing to requests cannot be told from a program on it, so this must never meet the public.</summary>
    public IEnumerable<string> FindWarnings(ServerSettings server)
    {
        if (!ShowsTokens) yield break;
        yield return $"{ShowTokens}=true: answers give the secrets of resets and verifications to whoever asks on this machine, also through a proxy that adds no header. For a developer's machine only.";
        foreach (var url in server.Urls.Where(url => !UrlRules.IsLoopback(url)))
            yield return $"DANGER: {ShowTokens}=true while {url} takes requests from other machines. One proxy or tunnel on this machine, and anybody can take over any account. Leave {ShowTokens} out, or listen on http://localhost only.";
    }
}
