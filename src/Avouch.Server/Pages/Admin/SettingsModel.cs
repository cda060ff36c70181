using Avouch.Server.Settings;

namespace Avouch.Server.Pages.Admin;

/// <summary>Every setting in force, put together by what it is about.</summary>
internal sealed record SettingsModel(IReadOnlyList<SettingInForce> Settings, IReadOnlyList<string> Warnings)
{
    /// <summary>How the names of a group begin, behind <c>AVOUCH_</c>. The first that fits counts.</summary>
    private static readonly (string Name, string[] Begins)[] Known =
    [
        ("Tokens and keys", ["ALGORITHM", "JWT_", "AUDIENCES", "ACCESS_TOKEN", "KEY_"]),
        ("Sessions", ["REFRESH_", "SESSION", "DEVICE_"]),
        ("Password hashing", ["ARGON2", "HASH_", "EQUALISE_"]),
        ("Limits and locks", ["LIMIT", "LOCK_", "HIDE_"]),
        ("Accounts and links", ["RESET_", "VERIFICATION_", "EMAIL_CHANGE", "REQUIRE_", "MEMBERS_", "DEV_"]),
        ("Mail", ["SMTP_", "MAIL_"]),
        ("Look of pages", ["BRAND_"]),
        ("Log, metrics, journal", ["LOG_", "METRICS", "OTLP_", "JOURNAL_"]),
    ];

    private const string Rest = "Server and network";

    public IEnumerable<(string Name, IReadOnlyList<SettingInForce> Settings)> Groups => Settings
        .GroupBy(setting => GroupOf(setting.Name)).OrderBy(group => group.Key == Rest ? -1 : Array.FindIndex(Known, known => known.Name == group.Key))
        .Select(group => (group.Key, (IReadOnlyList<SettingInForce>)[.. group]));

    /// <summary>Every name of a group, for the test of the languages.</summary>
    public static IEnumerable<string> All => Known.Select(known => known.Name).Append(Rest);

    private static string GroupOf(string setting) =>
        Array.Find(Known, known => known.Begins.Any(begin => setting.StartsWith(SettingsSource.Prefix + begin, StringComparison.Ordinal))).Name ?? Rest;
}
