using Avouch.Server.Settings;

namespace Avouch.Server.Limits;

/// <summary>How often something may be done in a time. Which of them stands in front of a URL says Routes.cs.</summary>
internal sealed class Limit
{
    private readonly Func<LimitSettings, int> quota;

    private Limit(string name, TimeSpan window, LimitedBy by, Func<LimitSettings, int> quota) => (Name, Window, By, this.quota) = (name, window, by, quota);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Wrong passwords for one name, whoever tries: <see cref="SignInLimits"/> takes it before hashing, and has more to say.</summary>
    public static readonly Limit SignIn = new("sign-in", Minute, LimitedBy.Subject, static settings => settings.LoginPerMinute);

    /// <summary>Wrong passwords from one network, whatever the name.</summary>
    public static readonly Limit SignInFromNetwork = new("sign-in-network", Minute, LimitedBy.Subject, static settings => settings.LoginPerAddress);

    public static readonly Limit Register = new("register", Hour, LimitedBy.Network, static settings => settings.RegisterPerHour);

    /// <summary>Mails that let somebody set a new password, for one e-mail address as it was typed (its key).</summary>
    public static readonly Limit Reset = new("password-reset", Hour, LimitedBy.Subject, static settings => settings.ResetPerHour);

    /// <summary>Requests for such mails from one network, for whatever address.</summary>
    public static readonly Limit ResetFromNetwork = new("password-reset-network", Hour, LimitedBy.Network, static settings => 10 * settings.ResetPerHour);

    /// <summary>Mails that verify an address, for one user.</summary>
    public static readonly Limit Verification = new("verification", Hour, LimitedBy.Subject, static settings => settings.ResetPerHour);

    /// <summary>Mails that propose a new address, for one user.</summary>
    public static readonly Limit EmailChange = new("email-change", Hour, LimitedBy.Subject, static settings => settings.ResetPerHour);

    /// <summary>Such mails to one address (its key), whoever asks and whether or not somebody has it. Not shared with sign-ups: together they would tell who has it.</summary>
    public static readonly Limit EmailChangeTo = new("email-change-address", Hour, LimitedBy.Subject, static settings => settings.ResetPerHour);

    /// <summary>Secrets of mailed links that are tried out.</summary>
    public static readonly Limit MailedSecret = new("mailed-secret", Minute, LimitedBy.Network, static _ => 30);

    public static readonly Limit Refresh = new("refresh", Minute, LimitedBy.Network, static settings => settings.RefreshPerMinute);

    /// <summary>Refreshes of one session: many times what tabs and retries need.</summary>
    public static readonly Limit RefreshOfSession = new("refresh-session", Minute, LimitedBy.Subject, static _ => 30);

    /// <summary>Requests that change an account, hash a password or end a session.</summary>
    public static readonly Limit Account = new("account", Minute, LimitedBy.Network, static _ => 300);

    public static readonly IReadOnlyList<Limit> All =
        [SignIn, SignInFromNetwork, Register, Reset, ResetFromNetwork, Verification, EmailChange, EmailChangeTo, MailedSecret, Refresh, RefreshOfSession, Account];

    /// <summary>What it is called in the header fields.</summary>
    public string Name { get; }

    public TimeSpan Window { get; }

    public LimitedBy By { get; }

    public int Quota(LimitSettings settings) => quota(settings);
}

/// <summary>What a limit counts by, and with that, who takes it.</summary>
internal enum LimitedBy
{
    /// <summary>The network of the client (IPv6 by /64): taken in front of the handler.</summary>
    Network,

    /// <summary>An account, an address, a session: taken by the handler, or by the noun that it uses, as soon as that is known.</summary>
    Subject,
}
