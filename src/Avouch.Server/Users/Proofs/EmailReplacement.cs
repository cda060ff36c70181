using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;

namespace Avouch.Server.Users;

/// <summary>
/// What happens when an address takes the place of another one, whoever wants it: what was mailed counts no more, access tokens go stale, and the old
/// address gets a notice from where <see cref="EmailUndo"/> takes it back.
/// </summary>
internal sealed class EmailReplacement(AccountProofs proofs, EmailVerification verification, UserChanges changes, AccountLetters letters, Outbox outbox, TimeProvider time)
{
    /// <summary>The owner's own change: a secret has come back from the new address.</summary>
    public async ValueTask Confirm(Transaction transaction, User user, string email, Caller caller) =>
        await Replace(transaction, user, email, isVerified: true, new UserEffect(JournalKind.EmailChanged) { Address = caller.Address }, caller);

    /// <summary>An administrator's change: nothing has shown that anybody reads mail there, so a secret goes to the new address.</summary>
    public async ValueTask Set(Transaction transaction, User user, string email, Actor? actor)
    {
        var cause = await Replace(transaction, user, email, isVerified: false, new UserEffect(JournalKind.EmailChanged) { Actor = actor }, caller: default);
        if (user.IsActive) await verification.Send(transaction, user with { Email = email }, cause, caller: default);
    }

    /// <remarks>Who has proved an address once signs in, also when another one is unproven: only a new account waits (AVOUCH_HIDE_EXISTING_ACCOUNTS).</remarks>
    private async ValueTask<long> Replace(Transaction transaction, User user, string email, bool isVerified, UserEffect effect, Caller caller)
    {
        var now = time.GetUtcNow();
        await transaction.Execute(
            """
            UPDATE users SET email = @email, email_key = @key, awaits_proof = (awaits_proof AND NOT is_verified), is_verified = @is_verified, epoch = epoch + 1, updated_at = @now
             WHERE id = @id
            """,
            ("email", email), ("key", NameKey.Of(email)), ("is_verified", isVerified), ("now", now), ("id", user.Id));
        await AccountProofs.EndAll(transaction, user.Id);
        var cause = await changes.Note(transaction, user.Id, effect, now);
        var undo = await proofs.Issue(transaction, new NewProof(ProofPurpose.UndoEmailChange, user.Id, user.Email, BoundTo: null, cause));
        await outbox.Add(transaction, letters.EmailChanged(user with { Email = email }, user.Email, undo, caller));
        return cause;
    }
}
