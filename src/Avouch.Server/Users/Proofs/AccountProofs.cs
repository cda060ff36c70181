using Avouch.Server.Data;
using Avouch.Server.Settings;

namespace Avouch.Server.Users;

/// <summary>
/// Single-use secrets: the table <c>account_proofs</c>. Each is bound to a purpose, a user and that user's address; a newer one of the same purpose
/// replaces it; a new password or address kills it (decision 100).
/// </summary>
internal sealed class AccountProofs(Database database, ProofSettings settings, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <summary>A secret that counts: not too old, of an account that is active and still has the address that it was made for.</summary>
    private const string IsAlive =
        """
        hash = @hash AND purpose = @purpose AND expires_at > @now
           AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND is_active AND (bound_key IS NULL OR users.email_key = bound_key))
        """;

    /// <summary>Makes a secret in the transaction of the mail that carries it, in the place of an older one of the same purpose.</summary>
    public async ValueTask<IssuedProof> Issue(Transaction transaction, NewProof proof)
    {
        var issued = new IssuedProof(ProofToken.Make(), time.GetUtcNow() + LifetimeOf(proof.Purpose));
        await transaction.Execute(
            """
            INSERT INTO account_proofs (hash, user_id, purpose, email, email_key, bound_key, expires_at, cause)
            VALUES (@hash, @user, @purpose, @email, @email_key, @bound_key, @expires_at, @cause)
            ON CONFLICT (user_id, purpose) WHERE purpose <> 'undo_email_change' DO UPDATE
               SET hash = excluded.hash, email = excluded.email, email_key = excluded.email_key, bound_key = excluded.bound_key,
                   expires_at = excluded.expires_at, cause = excluded.cause
            """,
            ("hash", issued.Token.Hash), ("user", proof.UserId), ("purpose", proof.Purpose), ("email", proof.Email), ("email_key", NameKey.Of(proof.Email)),
            ("bound_key", proof.BoundTo is { } address ? NameKey.Of(address) : null), ("expires_at", issued.ExpiresAt), ("cause", proof.Cause));
        return issued;
    }

    /// <summary>Looks at a secret and leaves it as it is.</summary>
    public ValueTask<Proof?> Find(Statements statements, ProofToken token, string purpose) => statements.Find(
        $"SELECT {Proof.Columns} FROM account_proofs WHERE {IsAlive}", Proof.Read, ("hash", token.Hash), ("purpose", purpose), ("now", time.GetUtcNow()));

    /// <summary>What waits for a secret of this purpose to come back; nothing where none is out there that counts.</summary>
    public ValueTask<PendingProof?> FindPending(Statements statements, Guid user, string purpose) => statements.Find(
        """
        SELECT email, expires_at FROM account_proofs
         WHERE user_id = @user AND purpose = @purpose AND expires_at > @now
           AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND is_active AND (bound_key IS NULL OR users.email_key = bound_key))
        """,
        static row => new PendingProof(row.Text(0), row.Time(1)), ("user", user), ("purpose", purpose), ("now", time.GetUtcNow()));

    /// <summary>Kills the one secret of this purpose that a user may have out there.</summary>
    public static ValueTask<int> End(Transaction transaction, Guid user, string purpose) =>
        transaction.Execute("DELETE FROM account_proofs WHERE user_id = @user AND purpose = @purpose", ("user", user), ("purpose", purpose));

    /// <summary>Whether a secret would count, if the account were not disabled. Only whoever has the secret learns it.</summary>
    public async ValueTask<bool> IsOfDisabled(Statements statements, ProofToken token, string purpose) => await statements.Find(
        """
        SELECT 1 FROM account_proofs JOIN users ON users.id = account_proofs.user_id
         WHERE account_proofs.hash = @hash AND account_proofs.purpose = @purpose AND account_proofs.expires_at > @now AND NOT users.is_active
        """,
        static row => row.Int(0), ("hash", token.Hash), ("purpose", purpose), ("now", time.GetUtcNow())) == 1;

    /// <summary>Uses a secret up. Of two at once, one gets it: there is one row, and one statement takes it away.</summary>
    public ValueTask<Proof?> Consume(Transaction transaction, ProofToken token, string purpose) => transaction.Find(
        $"DELETE FROM account_proofs WHERE {IsAlive} RETURNING {Proof.Columns}", Proof.Read, ("hash", token.Hash), ("purpose", purpose), ("now", time.GetUtcNow()));

    /// <summary>
    /// Kills what a user has out there, since the password, the address or the status changes. Undos stay: they are what is left to somebody whose
    /// account another one has just changed.
    /// </summary>
    public static ValueTask<int> EndAll(Transaction transaction, Guid user) => transaction.Execute(
        "DELETE FROM account_proofs WHERE user_id = @user AND purpose <> @undo", ("user", user), ("undo", ProofPurpose.UndoEmailChange));

    /// <summary>Kills everything but the undos of changes before this one: whoever goes back furthest has the older right.</summary>
    public static ValueTask<int> EndSince(Transaction transaction, Proof undone) => transaction.Execute(
        "DELETE FROM account_proofs WHERE user_id = @user AND NOT (purpose = @undo AND cause < @cause)",
        ("user", undone.UserId), ("undo", ProofPurpose.UndoEmailChange), ("cause", undone.Cause));

    /// <summary>Deletes everything of a user who is not there any more, or never was.</summary>
    public static ValueTask<int> Delete(Transaction transaction, Guid user) => transaction.Execute("DELETE FROM account_proofs WHERE user_id = @user", ("user", user));

    /// <summary>Kills what everybody has out there: a restored database has forgotten what was used. Undos stay, as what they undo has.</summary>
    public static ValueTask<int> EndAllOfEverybody(Transaction transaction) =>
        transaction.Execute("DELETE FROM account_proofs WHERE purpose <> @undo", ("undo", ProofPurpose.UndoEmailChange));

    /// <summary>Deletes what is too old, a small batch at a time.</summary>
    /// <returns>How many were deleted.</returns>
    public async Task<int> Purge(CancellationToken stoppingToken)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = await database.Write(transaction => transaction.Execute(
                "DELETE FROM account_proofs WHERE hash IN (SELECT hash FROM account_proofs WHERE expires_at <= @now LIMIT @batch)",
                ("now", time.GetUtcNow()), ("batch", BatchSize)));
            total += deleted;
        }
        while (deleted == BatchSize && !stoppingToken.IsCancellationRequested);
        return total;
    }

    private TimeSpan LifetimeOf(string purpose) => purpose switch
    {
        ProofPurpose.ResetPassword => settings.Reset,
        ProofPurpose.VerifyEmail => settings.Verification,
        ProofPurpose.ChangeEmail => settings.EmailChange,
        ProofPurpose.UndoEmailChange => ProofSettings.Undo,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, "There is no such purpose."),
    };
}
