using Avouch.Protocol;
using Avouch.Server.Data;

namespace Avouch.Server.Keys;

/// <summary>Where a signing key is in its life.</summary>
internal enum KeyState
{
    /// <summary>Published ahead: everybody can know it before its first token.</summary>
    Next,

    /// <summary>It signs. There is exactly one.</summary>
    Signing,

    /// <summary>It signs no more; what it signed still counts.</summary>
    Retired,

    /// <summary>Nothing that it signed counts.</summary>
    Withdrawn,
}

/// <summary>A row of <c>signing_keys</c>: the private key is sealed under the master key.</summary>
internal sealed record StoredKey(
    string KeyId,
    JwsAlgorithm Algorithm,
    byte[] Sealed,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ActiveFrom,
    DateTimeOffset? RetiredAt,
    DateTimeOffset? WithdrawnAt)
{
    private const string Columns = "kid, algorithm, private_key, created_at, active_from, retired_at, withdrawn_at";

    public KeyState State => this switch
    {
        { WithdrawnAt: not null } => KeyState.Withdrawn,
        { RetiredAt: not null } => KeyState.Retired,
        { ActiveFrom: not null } => KeyState.Signing,
        _ => KeyState.Next,
    };

    /// <summary>All keys that were ever made here, the oldest first.</summary>
    public static ValueTask<List<StoredKey>> List(Statements statements) =>
        statements.List($"SELECT {Columns} FROM signing_keys ORDER BY created_at, kid", Read);

    public static ValueTask<int> Add(Transaction transaction, StoredKey key) => transaction.Execute(
        """
        INSERT INTO signing_keys (kid, algorithm, private_key, created_at, active_from)
        VALUES (@kid, @algorithm, @private_key, @created_at, @active_from)
        """,
        ("kid", key.KeyId), ("algorithm", key.Algorithm.Name()), ("private_key", key.Sealed), ("created_at", key.CreatedAt), ("active_from", key.ActiveFrom));

    public static ValueTask<int> Activate(Transaction transaction, string keyId, DateTimeOffset now) =>
        transaction.Execute("UPDATE signing_keys SET active_from = @now WHERE kid = @kid", ("now", now), ("kid", keyId));

    /// <summary>Retires whatever is signing.</summary>
    public static ValueTask<int> RetireSigning(Transaction transaction, DateTimeOffset now) => transaction.Execute(
        "UPDATE signing_keys SET retired_at = @now WHERE active_from IS NOT NULL AND retired_at IS NULL AND withdrawn_at IS NULL", ("now", now));

    /// <summary>Retires the keys that were published ahead for another algorithm than today's.</summary>
    public static ValueTask<int> RetireNext(Transaction transaction, JwsAlgorithm today, DateTimeOffset now) => transaction.Execute(
        "UPDATE signing_keys SET retired_at = @now WHERE active_from IS NULL AND retired_at IS NULL AND algorithm <> @today", ("now", now), ("today", today.Name()));

    /// <returns>1 for whoever withdrew it, 0 where there is no such key or somebody did it before.</returns>
    public static ValueTask<int> Withdraw(Transaction transaction, string keyId, DateTimeOffset now) => transaction.Execute(
        "UPDATE signing_keys SET withdrawn_at = @now WHERE kid = @kid AND withdrawn_at IS NULL", ("now", now), ("kid", keyId));

    public static ValueTask<int> Reseal(Transaction transaction, string keyId, byte[] resealed) =>
        transaction.Execute("UPDATE signing_keys SET private_key = @private_key WHERE kid = @kid", ("private_key", resealed), ("kid", keyId));

    private static StoredKey Read(Row row) => new(
        row.Text(0), AlgorithmOf(row.Text(1)), row.Bytes(2), row.Time(3), row.TimeOrNull(4), row.TimeOrNull(5), row.TimeOrNull(6));

    private static JwsAlgorithm AlgorithmOf(string name) => JwsAlgorithms.TryParse(name, out var algorithm)
        ? algorithm
        : throw new StartException($"The database holds a signing key for {name}, which this version does not know.", "Start the version that made it, or a later one.");
}
