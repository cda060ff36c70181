using System.Security.Cryptography;
using System.Text;
using Avouch.Protocol;
using Avouch.Server.Data;
using Avouch.Server.Settings;

namespace Avouch.Server.Keys;

/// <summary>
/// The master key, and the ones before it while one is being exchanged for another: they open and verify, and seal nothing any more.
/// </summary>
internal sealed class MasterKeys(MasterKey current, IReadOnlyList<MasterKey> previous)
{
    public const string FileName = "secret.key";

    public MasterKey Current => current;

    private IEnumerable<MasterKey> All => previous.Prepend(current);

    /// <summary>The keys that refresh tokens are made and checked with.</summary>
    public RefreshKeys ToRefreshKeys() => new(current.ToRefreshKey(), [.. previous.Select(key => key.ToRefreshKey())]);

    /// <summary>The keys that device tokens are made and checked with.</summary>
    public RefreshKeys ToDeviceKeys() => new(current.ToDeviceKey(), [.. previous.Select(key => key.ToDeviceKey())]);

    /// <summary>The keys that cookies of our pages are made and checked with.</summary>
    public RefreshKeys ToPageKeys() => new(current.ToPageKey(), [.. previous.Select(key => key.ToPageKey())]);

    /// <summary>The keys that forms of our pages are made and checked with.</summary>
    public RefreshKeys ToFormKeys() => new(current.ToFormKey(), [.. previous.Select(key => key.ToFormKey())]);

    public bool TryOpen(byte[] sealedBytes, string name, out byte[] secret)
    {
        foreach (var key in All)
            if (key.TryOpen(sealedBytes, name, out secret))
                return true;
        secret = [];
        return false;
    }

    /// <summary>Whether one of them is the key that a check value was made with.</summary>
    public bool Knows(string checkValue) => All.Any(key => key.CheckValue == checkValue);

    /// <summary>Whether somebody gave a master key for something else.</summary>
    public bool Contain(ReadOnlySpan<byte> other)
    {
        foreach (var key in All)
            if (key.Is(other))
                return true;
        return false;
    }

    /// <summary>The key of the settings, or that of the data folder.</summary>
    /// <param name="isNew">Whether nothing lies under a key yet, so that a missing one may be made.</param>
    /// <exception cref="StartException">There is none, and another one would open nothing; or it is no usable key.</exception>
    public static MasterKeys Load(ServerSettings settings, bool isNew) =>
        new(LoadCurrent(settings, isNew), [.. settings.PreviousSecretKeys.Select(key => new MasterKey(key))]);

    private static MasterKey LoadCurrent(ServerSettings settings, bool isNew)
    {
        if (settings.SecretKey is { } given) return new MasterKey(given);
        var path = Path.Combine(settings.DataFolder, FileName);
        if (!File.Exists(path) && !isNew)
            throw new StartException($"The master key {path} is missing, and a new one would not open what is in the database.", "Put secret.key back from a backup, or give the key in AVOUCH_SECRET_KEY.");
        if (!File.Exists(path)) Create(path);
        if (SecretText.FindFault(File.ReadAllText(path).Trim(), out var key) is { } reason)
            throw new StartException($"{path} holds no usable key: it {reason}.", "Put the key back from a backup, or set AVOUCH_SECRET_KEY.");
        return new MasterKey(key);
    }

    /// <summary>Created exclusively and readable by its owner only: two starts at once cannot both make one.</summary>
    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretText.MinBytes)) + "\n"));
        file.Flush(flushToDisk: true);
        Ownership.Follow(path, Path.GetDirectoryName(path)!);
    }
}
