namespace Avouch.Server.Settings;

/// <summary>How often something may be done before it has to wait. Whether limits hold at all is AVOUCH_LIMITS_ENABLED.</summary>
internal sealed record LimitSettings(int LoginPerMinute, int LoginPerAddress, int RegisterPerHour, int ResetPerHour, int RefreshPerMinute, TimeSpan DeviceLifetime)
{
    /// <summary>Whether a sign-up tells that an address is taken.</summary>
    public bool HidesExistingAccounts { get; init; }

    public LockSettings Lock { get; init; } = LockSettings.Off;

    public static LimitSettings Read(SettingsReader reader) => new(
        reader.Number("AVOUCH_LIMIT_LOGIN_PER_MINUTE", "Wrong passwords for one account in a minute; after as many in a row from one address, each further one waits twice as long as the one before.", 5, 1, 1000),
        reader.Number("AVOUCH_LIMIT_LOGIN_PER_ADDRESS", "Wrong passwords from one address (IPv6: one /64 network) in a minute, whatever the account.", 30, 1, 100_000),
        reader.Number("AVOUCH_LIMIT_REGISTER_PER_HOUR", "Sign-ups from one address in an hour.", 30, 1, 100_000),
        reader.Number("AVOUCH_LIMIT_RESET_PER_HOUR", "Mails for one account in an hour, of each kind: password reset, verification, change of address. Ten times as many requests for a reset from one address.", 3, 1, 1000),
        reader.Number("AVOUCH_LIMIT_REFRESH_PER_MINUTE", "Refreshes from one address in a minute. Raise it where one server of yours refreshes for everybody.", 1000, 1, 1_000_000),
        TimeSpan.FromDays(reader.Number("AVOUCH_DEVICE_TOKEN_DAYS", "How many days a device is remembered from which somebody signed in: it has a limit of its own, so that nobody can shut out its owner by wrong passwords.", 400, 1, 400)))
    {
        HidesExistingAccounts = reader.Flag("AVOUCH_HIDE_EXISTING_ACCOUNTS", "A sign-up answers the same whether or not the address is taken, and its owner gets a mail. New accounts sign in only when their address is verified.", false),
        Lock = LockSettings.Read(reader),
    };
}

/// <summary>Whether accounts are locked after wrong passwords, and for how long.</summary>
/// <param name="Time">Nothing where only a reset or an administrator unlocks.</param>
internal sealed record LockSettings(int AfterFailures, TimeSpan? Time)
{
    public static readonly LockSettings Off = new(0, null);

    public bool IsOn => AfterFailures > 0;

    public static LockSettings Read(SettingsReader reader)
    {
        var failures = reader.Number("AVOUCH_LOCK_AFTER_FAILURES", "Locks an account after so many wrong passwords in a row from devices that it does not know; 0 never does, since the limits hold guessing back without shutting anybody out.", 0, 0, 1000);
        var minutes = reader.Number("AVOUCH_LOCK_MINUTES", "How long such a lock lasts, in minutes, unless a password reset or an administrator ends it before; 0 until then.", 60, 0, 525_600);
        return new LockSettings(failures, minutes == 0 ? null : TimeSpan.FromMinutes(minutes));
    }
}
