namespace Avouch.Server.Settings;

/// <summary>How often something may be done before it has to wait. Whether limits hold at all is AVOUCH_LIMITS_ENABLED.</summary>
internal sealed record LimitSettings(int LoginPerMinute, int LoginPerAddress, int RegisterPerHour, int ResetPerHour, int RefreshPerMinute, TimeSpan DeviceLifetime)
{
    public static LimitSettings Read(SettingsReader reader) => new(
        reader.Number("AVOUCH_LIMIT_LOGIN_PER_MINUTE", "Wrong passwords for one account in a minute; after as many in a row from one address, each further one waits twice as long as the one before.", 5, 1, 1000),
        reader.Number("AVOUCH_LIMIT_LOGIN_PER_ADDRESS", "Wrong passwords from one address (IPv6: one /64 network) in a minute, whatever the account.", 30, 1, 100_000),
        reader.Number("AVOUCH_LIMIT_REGISTER_PER_HOUR", "Sign-ups from one address in an hour.", 30, 1, 100_000),
        reader.Number("AVOUCH_LIMIT_RESET_PER_HOUR", "Mails for one account in an hour, of each kind: password reset, verification, change of address. Ten times as many requests for a reset from one address.", 3, 1, 1000),
        reader.Number("AVOUCH_LIMIT_REFRESH_PER_MINUTE", "Refreshes from one address in a minute. Raise it where one server of yours refreshes for everybody.", 1000, 1, 1_000_000),
        TimeSpan.FromDays(reader.Number("AVOUCH_DEVICE_TOKEN_DAYS", "How many days a device is remembered from which somebody signed in: it has a limit of its own, so that nobody can shut out its owner by wrong passwords.", 400, 1, 400)));
}
