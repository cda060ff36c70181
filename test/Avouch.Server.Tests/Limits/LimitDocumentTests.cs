using Avouch.Server.Limits;
using Avouch.Server.Settings;
using Avouch.Server.Tests.House;

namespace Avouch.Server.Tests.Limits;

/// <summary>docs/limits.md says what the code does.</summary>
public sealed class LimitDocumentTests
{
    [Fact]
    [Trait("ASVS", "6.1.1")]
    public void The_documented_limits_are_those_of_the_settings()
    {
        var document = Repository.Read("docs/limits.md");
        var settings = AvouchSettings.Read(new SettingsSource()).Settings!.Limits;

        Assert.Contains($"{settings.LoginPerMinute} in a row (`AVOUCH_LIMIT_LOGIN_PER_MINUTE`)", document, StringComparison.Ordinal);
        Assert.Contains($"{settings.LoginPerMinute} a minute; {4 * settings.LoginPerMinute} in a row", document, StringComparison.Ordinal);
        Assert.Contains($"{settings.LoginPerAddress} a minute (`AVOUCH_LIMIT_LOGIN_PER_ADDRESS`)", document, StringComparison.Ordinal);
        Assert.Contains($"{settings.RegisterPerHour} an hour (`AVOUCH_LIMIT_REGISTER_PER_HOUR`)", document, StringComparison.Ordinal);
        Assert.Contains($"{settings.ResetPerHour} an hour (`AVOUCH_LIMIT_RESET_PER_HOUR`)", document, StringComparison.Ordinal);
        Assert.Contains($"{settings.RefreshPerMinute} a minute (`AVOUCH_LIMIT_REFRESH_PER_MINUTE`); {Limit.RefreshOfSession.Quota(settings)} a minute", document, StringComparison.Ordinal);
        Assert.Contains($"| {Limit.MailedSecret.Quota(settings)} a minute |", document, StringComparison.Ordinal);
        Assert.Contains($"| {Limit.Account.Quota(settings)} a minute |", document, StringComparison.Ordinal);
        Assert.Contains($"{settings.DeviceLifetime.TotalDays} days (`AVOUCH_DEVICE_TOKEN_DAYS`)", document, StringComparison.Ordinal);
    }
}
