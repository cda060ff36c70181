using System.Security.Cryptography;
using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Settings;

namespace Avouch.Server.Keys;

/// <summary>
/// The keys that sign access tokens, and the snapshot in use. One key signs; the next one is published ahead, so that whoever caches the key set
/// knows it before its first token; retired ones count until the last token that they signed has expired; a withdrawn one counts no more.
/// </summary>
internal sealed class SigningKeys(Database database, SecurityJournal journal, MasterKeys master, TokenSettings settings, KeySettings age, TimeProvider time) : IDisposable
{
    /// <summary>How long a retired key still counts: the longest life that an access token can be given, and a minute.</summary>
    private static readonly TimeSpan KeepRetired = TokenSettings.LongestAccess + RevocationView.Slack;

    /// <summary>
    /// How long a key is published at least before it signs: twice what the key set's answer lets a cache keep. Most are published much longer, as each
    /// is made when the one before begins to sign. A withdrawal alone does not wait.
    /// </summary>
    public static readonly TimeSpan PublishAhead = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim making = new(1, 1);
    private readonly SemaphoreSlim reloading = new(1, 1);
    private volatile KeySnapshot? current;

    /// <summary>Called with the new key ring whenever the keys change.</summary>
    public event Action<KeyRing>? Changed;

    /// <summary>The keys in use. <see cref="Load"/> has run before the first request.</summary>
    public KeySnapshot Current => current ?? throw new InvalidOperationException("The signing keys are not loaded yet.");

    /// <summary>When the signing key reaches its age; nothing where the secret of the settings signs.</summary>
    public DateTimeOffset? DueAt => Current.SigningSince + age.RotationAge;

    public void Dispose()
    {
        making.Dispose();
        reloading.Dispose();
    }

    /// <summary>What is stored: HS256 signs with the secret of the settings, and then these keys only verify.</summary>
    private JwsAlgorithm StoredAlgorithm => settings.Algorithm == JwsAlgorithm.HS256 ? JwsAlgorithm.ES256 : settings.Algorithm;

    /// <summary>
    /// Makes the first two keys where there are none, publishes the next one for another algorithm where the settings say so, and loads all that
    /// count.
    /// </summary>
    /// <exception cref="StartException">A stored key cannot be opened.</exception>
    public async Task Load()
    {
        await PublishNext();
        var isFirst = await database.Write(async transaction =>
        {
            var keys = await StoredKey.List(transaction);
            return !keys.Exists(IsSigning) && await Promote(transaction, keys) is not null;
        });
        if (isFirst) await PublishNext();
        await Reload();
    }

    /// <summary>All keys that were ever made here, the oldest first.</summary>
    public ValueTask<List<StoredKey>> List() => database.Read(StoredKey.List);

    /// <summary>The id of the secret of the settings where it signs (HS256), and all stored keys only verify; null where a stored key signs.</summary>
    public string? FindSecretId()
    {
        using var secret = ImportSecret();
        return secret?.KeyId;
    }

    /// <summary>Makes the next key sign, retires the one that did, and publishes a new next one.</summary>
    /// <param name="isNow">Also a key that is younger than <see cref="PublishAhead"/>.</param>
    /// <param name="actor">The administrator who wants it; nobody at a shell.</param>
    public async Task<KeyRotation> Rotate(bool isNow, Guid? actor = null)
    {
        KeyRotation? rotation;
        do
        {
            await PublishNext();
            rotation = await database.Write(async transaction => await TryRotate(transaction, isNow, actor));
        }
        while (rotation is null);   // somebody else was faster and has taken the next key
        await ReloadAndPublishNext();
        return rotation;
    }

    /// <summary>
    /// Rotates when the signing key has reached its age (<c>AVOUCH_KEY_ROTATION_DAYS</c>) or is one of another algorithm, and the next one has been
    /// published long enough. Of several that notice it at once, one does: it is looked at again inside of the write.
    /// </summary>
    /// <returns>Whether this call did it.</returns>
    public async Task<bool> RotateIfDue()
    {
        var hasPublished = await PublishNext();   // there is one already, unless a crash came between a rotation and its new next key
        var hasRotated = IsDue(await List()) && await database.Write(async transaction =>
        {
            var keys = await StoredKey.List(transaction);
            return IsDue(keys) && await Promote(transaction, keys) is not null;
        });
        if (hasPublished || hasRotated) await ReloadAndPublishNext();
        return hasRotated;
    }

    /// <summary>
    /// Withdraws a key: when this returns, no token that it signed counts, and the sessions go on with tokens of the next key. Nobody signs in again.
    /// It does not wait for a new key to be made, unless there is no next one.
    /// </summary>
    /// <returns>Whether there was such a key, and it was not withdrawn before.</returns>
    public async Task<bool> Withdraw(string keyId, Guid? actor = null)
    {
        bool? isWithdrawn;
        while ((isWithdrawn = await database.Write(transaction => TryWithdraw(transaction, keyId, actor))) is null) await PublishNext();
        if (isWithdrawn.Value) await ReloadAndPublishNext();
        return isWithdrawn.Value;
    }

    /// <summary>Withdraws every key as a part of a larger change, while no server runs. The next <see cref="Load"/> makes new ones.</summary>
    public static async ValueTask WithdrawAll(Transaction transaction, SecurityJournal journal, DateTimeOffset now)
    {
        foreach (var key in (await StoredKey.List(transaction)).Where(key => key.WithdrawnAt is null))
        {
            await StoredKey.Withdraw(transaction, key.KeyId, now);
            await journal.Add(transaction, new JournalEntry(JournalKind.KeyWithdrawn, now) { Detail = key.KeyId });
        }
    }

    /// <summary>Seals one key under the current master key, if it is still sealed under a previous one.</summary>
    /// <returns>Whether it had to be.</returns>
    public async Task<bool> Reseal(StoredKey key)
    {
        if (master.Current.TryOpen(key.Sealed, key.KeyId, out _)) return false;
        var secret = Open(key);
        await database.Write(transaction => StoredKey.Reseal(transaction, key.KeyId, master.Current.Seal(secret, key.KeyId)));
        CryptographicOperations.ZeroMemory(secret);
        return true;
    }

    private bool IsDue(List<StoredKey> keys)
    {
        var now = time.GetUtcNow();
        var signing = keys.Find(IsSigning);
        var isOver = signing is null || signing.Algorithm != StoredAlgorithm || signing.ActiveFrom + age.RotationAge <= now;
        return isOver && KnownFrom(keys) <= now;
    }

    /// <summary>
    /// From when on verifiers can know the next key: one that caches the key set would refuse its tokens before. Where no key signs, nobody has a set
    /// that is worth waiting for. Null where there is no next key.
    /// </summary>
    private DateTimeOffset? KnownFrom(List<StoredKey> keys) =>
        keys.Find(IsUsableNext)?.CreatedAt + (keys.Exists(IsSigning) ? PublishAhead : TimeSpan.Zero);

    private static bool IsSigning(StoredKey key) => key.State == KeyState.Signing;

    private bool IsUsableNext(StoredKey key) => key.State == KeyState.Next && key.Algorithm == StoredAlgorithm;

    /// <returns>Null where no next key is ready, and nothing has changed.</returns>
    private async ValueTask<KeyRotation?> TryRotate(Transaction transaction, bool isNow, Guid? actor)
    {
        var keys = await StoredKey.List(transaction);
        if (KnownFrom(keys) is not { } knownFrom) return null;
        if (!isNow && knownFrom > time.GetUtcNow()) return new KeyRotation(null, knownFrom);
        return new KeyRotation(await Promote(transaction, keys, actor), knownFrom);
    }

    /// <returns>The id of the key that signs now; null where no next one is ready, and nothing has changed.</returns>
    private async ValueTask<string?> Promote(Transaction transaction, List<StoredKey> keys, Guid? actor = null)
    {
        if (keys.Find(IsUsableNext) is not { } next) return null;
        var now = time.GetUtcNow();
        await StoredKey.RetireSigning(transaction, now);
        await StoredKey.Activate(transaction, next.KeyId, now);
        var isFirst = !keys.Exists(key => key.ActiveFrom is not null);
        if (!isFirst) await journal.Add(transaction, new JournalEntry(JournalKind.KeyRotated, now) { ActorId = actor, Detail = next.KeyId });
        return next.KeyId;
    }

    /// <returns>Null where the key signs and no other one is ready to: nothing has changed then.</returns>
    private async ValueTask<bool?> TryWithdraw(Transaction transaction, string keyId, Guid? actor)
    {
        var now = time.GetUtcNow();
        var keys = await StoredKey.List(transaction);
        var isSigning = keys.Exists(key => key.KeyId == keyId && IsSigning(key));
        if (isSigning && !keys.Exists(IsUsableNext)) return null;
        if (await StoredKey.Withdraw(transaction, keyId, now) == 0) return false;
        await journal.Add(transaction, new JournalEntry(JournalKind.KeyWithdrawn, now) { ActorId = actor, Detail = keyId });
        if (isSigning) await Promote(transaction, keys, actor);
        return true;
    }

    /// <summary>
    /// Makes the key that signs next, where there is none. It is made before the write and not on the caller's thread: an RSA key takes seconds, and
    /// everybody's writes would wait for them.
    /// </summary>
    /// <returns>Whether this call made one.</returns>
    private async Task<bool> PublishNext()
    {
        await making.WaitAsync();
        try
        {
            if ((await List()).Exists(IsUsableNext)) return false;
            using var key = await Task.Run(() => SigningKey.Generate(StoredAlgorithm));
            await database.Write(transaction => Add(transaction, key));
            return true;
        }
        finally
        {
            making.Release();
        }
    }

    private async ValueTask Add(Transaction transaction, SigningKey key)
    {
        var now = time.GetUtcNow();
        var secret = key.ExportPrivate();
        await StoredKey.RetireNext(transaction, StoredAlgorithm, now);
        await StoredKey.Add(transaction, new StoredKey(key.KeyId, key.Algorithm, master.Current.Seal(secret, key.KeyId), now, null, null, null));
        CryptographicOperations.ZeroMemory(secret);
        await journal.Add(transaction, new JournalEntry(JournalKind.KeyCreated, now) { Detail = key.KeyId });
    }

    /// <summary>What has changed counts at once; a new key may take its time.</summary>
    private async Task ReloadAndPublishNext()
    {
        await Reload();
        if (await PublishNext()) await Reload();
    }

    /// <summary>One at a time: a slower one that has read before a withdrawal would otherwise bring the withdrawn key back.</summary>
    private async Task Reload()
    {
        await reloading.WaitAsync();
        try
        {
            var oldest = time.GetUtcNow() - KeepRetired;
            var counting = (await List()).Where(key => key.WithdrawnAt is null && !(key.RetiredAt <= oldest)).ToList();
            var keys = counting.ConvertAll(key => (Key: Import(key), key.State));
            var secret = ImportSecret();
            var signer = secret ?? keys.Single(key => key.State == KeyState.Signing).Key;
            var since = secret is null ? counting.Find(IsSigning)?.ActiveFrom : null;
            current = KeySnapshot.Of(signer, keys.ConvertAll(key => key.Key)) with { SigningSince = since };
            Changed?.Invoke(current.Ring);
        }
        finally
        {
            reloading.Release();
        }
    }

    private SigningKey? ImportSecret() => settings.Algorithm == JwsAlgorithm.HS256 ? SigningKey.Import(JwsAlgorithm.HS256, settings.JwtSecret!) : null;

    private SigningKey Import(StoredKey key)
    {
        var secret = Open(key);
        try
        {
            return SigningKey.Import(key.Algorithm, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private byte[] Open(StoredKey key) => master.TryOpen(key.Sealed, key.KeyId, out var secret)
        ? secret
        : throw new StartException($"The signing key {key.KeyId} cannot be opened: it was changed, or sealed under another master key.", "Give that key in AVOUCH_SECRET_KEY_PREVIOUS, or restore a backup.");
}

/// <summary>What came of a rotation that was asked for.</summary>
/// <param name="Signing">The id of the key that signs now; null where the next one is too young, and nothing has changed.</param>
/// <param name="KnownFrom">From when on whoever caches the key set knows that key, or the next one.</param>
internal sealed record KeyRotation(string? Signing, DateTimeOffset KnownFrom);
