using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Settings;

namespace Avouch.Server.Keys;

/// <summary>
/// The keys that sign access tokens: the table <c>signing_keys</c> and the snapshot in use. One key signs; the next one is published ahead, so
/// that whoever caches the key set knows it before its first token; retired ones count until the last token that they signed has expired.
/// </summary>
internal sealed class SigningKeys(Database database, SecurityJournal journal, MasterKey master, TokenSettings settings, TimeProvider time)
{
    /// <summary>How long a retired key still counts: the longest life that an access token can be given, and a minute.</summary>
    private static readonly TimeSpan KeepRetired = TimeSpan.FromDays(1) + RevocationView.Slack;

    private volatile KeySnapshot? current;

    /// <summary>Called with the new key ring whenever the keys change.</summary>
    public event Action<KeyRing>? Changed;

    /// <summary>The keys in use. <see cref="Load"/> has run before the first request.</summary>
    public KeySnapshot Current => current ?? throw new InvalidOperationException("The signing keys are not loaded yet.");

    /// <summary>Makes the first two keys where there are none, and loads all that count.</summary>
    public async Task Load()
    {
        var now = time.GetUtcNow();
        await database.Write(async transaction =>
        {
            if (await FindActive(transaction) is null) await Add(transaction, now, activeFrom: now);
            if (await FindNext(transaction) is null) await Add(transaction, now, activeFrom: null);
            return true;
        });
        await Reload(now);
    }

    /// <summary>Makes the next key sign, retires the one that did, and publishes a new next one.</summary>
    public async Task Rotate()
    {
        var now = time.GetUtcNow();
        await database.Write(async transaction =>
        {
            await transaction.Execute("UPDATE signing_keys SET retired_at = @now WHERE active_from IS NOT NULL AND retired_at IS NULL", ("now", now));
            var next = await FindNext(transaction) ?? await Add(transaction, now, activeFrom: null);
            await transaction.Execute("UPDATE signing_keys SET active_from = @now WHERE kid = @kid", ("now", now), ("kid", next));
            await Add(transaction, now, activeFrom: null);
            return await journal.Add(transaction, new JournalEntry(JournalKind.KeyRotated, now) { Detail = next });
        });
        await Reload(now);
    }

    private async Task Reload(DateTimeOffset now)
    {
        var rows = await database.Read(statements => statements.List(
            """
            SELECT kid, private_key, active_from, retired_at FROM signing_keys
             WHERE withdrawn_at IS NULL AND (retired_at IS NULL OR retired_at > @oldest)
             ORDER BY created_at, kid
            """,
            static row => new StoredKey(row.Text(0), row.Bytes(1), IsSigning: row.TimeOrNull(2) is not null && row.TimeOrNull(3) is null),
            ("oldest", now - KeepRetired)));
        var keys = rows.Select(row => (Key: SigningKey.ImportES256(master.Open(row.Sealed, row.KeyId)), row.IsSigning)).ToList();
        var secret = settings.Algorithm == JwsAlgorithm.HS256 ? SigningKey.ImportHS256(settings.JwtSecret!) : null;
        var signer = secret ?? keys.Single(key => key.IsSigning).Key;
        current = KeySnapshot.Of(signer, [.. keys.Select(key => key.Key)]);
        Changed?.Invoke(current.Ring);
    }

    private async ValueTask<string> Add(Transaction transaction, DateTimeOffset now, DateTimeOffset? activeFrom)
    {
        using var key = SigningKey.GenerateES256();
        await transaction.Execute(
            """
            INSERT INTO signing_keys (kid, algorithm, private_key, created_at, active_from)
            VALUES (@kid, @algorithm, @private_key, @now, @active_from)
            """,
            ("kid", key.KeyId), ("algorithm", key.Algorithm.ToString()), ("private_key", master.Seal(key.ExportPrivate(), key.KeyId)),
            ("now", now), ("active_from", activeFrom));
        await journal.Add(transaction, new JournalEntry(JournalKind.KeyCreated, now) { Detail = key.KeyId });
        return key.KeyId;
    }

    private static ValueTask<string?> FindActive(Statements statements) => statements.Find(
        "SELECT kid FROM signing_keys WHERE active_from IS NOT NULL AND retired_at IS NULL AND withdrawn_at IS NULL", static row => row.Text(0));

    private static ValueTask<string?> FindNext(Statements statements) => statements.Find(
        "SELECT kid FROM signing_keys WHERE active_from IS NULL AND retired_at IS NULL AND withdrawn_at IS NULL ORDER BY created_at LIMIT 1", static row => row.Text(0));

    private sealed record StoredKey(string KeyId, byte[] Sealed, bool IsSigning);
}
