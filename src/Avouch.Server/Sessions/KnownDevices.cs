using Avouch.Protocol;
using Avouch.Server.Keys;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Sessions;

/// <summary>
/// Devices that an account has been signed in to from: each has a limit of its own, so that nobody can shut out its owner by wrong passwords. Nothing
/// is stored for it. It is forgotten with the next password, after its time, and with the account; a change of role or of name leaves it alone.
/// </summary>
internal sealed class KnownDevices(UserAccounts users, MasterKeys masterKeys, LimitSettings settings, TimeProvider time)
{
    private readonly RefreshKeys keys = masterKeys.ToDeviceKeys();

    /// <summary>What a device shows, if the account of that name knows it. Only a genuine token costs a query.</summary>
    public async ValueTask<DeviceToken?> Find(string? text, string name)
    {
        if (text is null || !DeviceToken.TryVerify(text, keys, out var token)) return null;
        if (DateTimeOffset.FromUnixTimeSeconds(token.IssuedAt) + settings.DeviceLifetime <= time.GetUtcNow()) return null;
        var owner = await users.FindCredentials(name);
        return owner?.User.Id == token.UserId && owner.PasswordEpoch == token.PasswordEpoch ? token : null;
    }

    /// <summary>For somebody who has just signed in. A device that was known stays the same one, with its limit.</summary>
    public string Issue(Credentials owner, DeviceToken? before)
    {
        var now = time.GetUtcNow();
        var device = before?.DeviceId ?? Guid.CreateVersion7(now);
        return new DeviceToken(owner.User.Id, device, now.ToUnixTimeSeconds(), owner.PasswordEpoch).Mint(keys.Current);
    }
}
