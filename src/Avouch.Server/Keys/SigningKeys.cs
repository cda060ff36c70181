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
    private static readonly TimeSpan KeepRetired = TimeSpan.FromDays(1) + RevocationView.Slack;

    private readonly SemaphoreSlim reloading = new(1, 1);
    private volatile KeySnapshot? current;

    /// <summary>Called with the new key ring whenever the keys change.</summary>
    public event Action<KeyRing>? Changed;

    /// <summary>The keys in use. <see cref="Load"/> has run before the first request.</summary>
    public KeySnapshot Current => current ?? throw new InvalidOperationException("The signing keys are not loaded yet.");

    public void Dispose() => reloading.Dispose();

    /// <summary>What is stored: HS256 signs with the secret of the settings, and then these keys only verify.</summary>
    private JwsAlgorithm StoredAlgorithm => settings.Algorithm == JwsAlgorithm.HS256 ? JwsAlgorithm.ES256 : settings.Algorithm;

    /// <summary>Makes the first two keys where there are none, changes to another algorithm where the settings say so, and loads all that count.</summary>
    /// <exception cref="StartException">A stored key cannot be opened.</exception>
    public async Task Load()
    {
        await database.Write(async transaction =>
        {
            var keys = await StoredKey.List(transaction);
            var signing = keys.Find(key => key.State == KeyState.Signing);
            if (signing?.Algorithm != StoredAlgorithm) return await Rotate(transaction, keys);
            if (!keys.Exists(IsUsableNext)) await Make(transaction, activeFrom: null);
            return signing.KeyId;
        });
        await Reload();
    }

    /// <summary>All keys that were ever made here, the oldest first.</summary>
    public ValueTask<List<StoredKey>> List() => database.Read(StoredKey.List);

    /// <summary>Makes the next key sign, retires the one that did, and publishes a new next one.</summary>
    /// <returns>The id of the key that signs now.</returns>
    public async Task<string> Rotate()
    {
        var signing = await database.Write(async transaction => await Rotate(transaction, await StoredKey.List(transaction)));
        await Reload();
        return signing;
    }

    /// <summary>
    /// Rotates when the signing key has reached its age (<c>AVOUCH_KEY_ROTATION_DAYS</c>). Of several that notice it at once, one does: the age is
    /// looked at again inside of the write.
    /// </summary>
    /// <returns>Whether this call did it.</returns>
    public async Task<bool> RotateIfDue()
    {
        if (!IsDue(await List())) return false;
        var hasRotated = await database.Write(async transaction =>
        {
            var keys = await StoredKey.List(transaction);
            if (!IsDue(keys)) return false;
            await Rotate(transaction, keys);
            return true;
        });
        if (hasRotated) await Reload();
        return hasRotated;
    }

    /// <summary>
    /// Withdraws a key: when this returns, no token that it signed counts, and the sessions go on with tokens of the next key. Nobody signs in again.
    /// </summary>
    /// <returns>Whether there was such a key, and it was not withdrawn before.</returns>
    public async Task<bool> Withdraw(string keyId)
    {
        var isWithdrawn = await database.Write(async transaction =>
        {
            var now = time.GetUtcNow();
            if (await StoredKey.Withdraw(transaction, keyId, now) == 0) return false;
            await journal.Add(transaction, new JournalEntry(JournalKind.KeyWithdrawn, now) { Detail = keyId });
            var keys = await StoredKey.List(transaction);
            if (!keys.Exists(key => key.State == KeyState.Signing)) await Rotate(transaction, keys);
            else if (!keys.Exists(IsUsableNext)) await Make(transaction, activeFrom: null);
            return true;
        });
        if (isWithdrawn) await Reload();
        return isWithdrawn;
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

    private bool IsDue(List<StoredKey> keys) =>
        !(keys.Find(key => key.State == KeyState.Signing)?.ActiveFrom + age.RotationAge > time.GetUtcNow());

    private bool IsUsableNext(StoredKey key) => key.State == KeyState.Next && key.Algorithm == StoredAlgorithm;

    private async ValueTask<string> Rotate(Transaction transaction, List<StoredKey> keys)
    {
        var now = time.GetUtcNow();
        var isFirst = keys.Count == 0;
        await StoredKey.RetireSigning(transaction, now);
        await StoredKey.RetireNext(transaction, StoredAlgorithm, now);
        var next = keys.Find(IsUsableNext)?.KeyId ?? await Make(transaction, activeFrom: null);
        await StoredKey.Activate(transaction, next, now);
        await Make(transaction, activeFrom: null);
        if (!isFirst) await journal.Add(transaction, new JournalEntry(JournalKind.KeyRotated, now) { Detail = next });
        return next;
    }

    private async ValueTask<string> Make(Transaction transaction, DateTimeOffset? activeFrom)
    {
        var now = time.GetUtcNow();
        using var key = SigningKey.Generate(JwsAlgorithm.ES256);
        var secret = key.ExportPrivate();
        await StoredKey.Add(transaction, new StoredKey(key.KeyId, key.Algorithm, master.Current.Seal(secret, key.KeyId), now, activeFrom, null, null));
        CryptographicOperations.ZeroMemory(secret);
        await journal.Add(transaction, new JournalEntry(JournalKind.KeyCreated, now) { Detail = key.KeyId });
        return key.KeyId;
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
            var secret = settings.Algorithm == JwsAlgorithm.HS256 ? SigningKey.Import(JwsAlgorithm.HS256, settings.JwtSecret!) : null;
            var signer = secret ?? keys.Single(key => key.State == KeyState.Signing).Key;
            current = KeySnapshot.Of(signer, keys.ConvertAll(key => key.Key));
            Changed?.Invoke(current.Ring);
        }
        finally
        {
            reloading.Release();
        }
    }

    private SigningKey Import(StoredKey key)
    {
        var secret = Open(key);
        try
        {
            return SigningKey.Import(JwsAlgorithm.ES256, secret);
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
