using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;

namespace Avouch.Server.Users;

/// <summary>
/// What somebody does who is told that their address was changed, and did not change it. Whoever did knew the password, so that one counts no more:
/// all sessions end, and the way back in is a mail to the restored address (decision 102).
/// </summary>
internal sealed class EmailUndo(Database database, AccountProofs proofs, UserChanges changes, PasswordReset reset, AccountLetters letters, Outbox outbox, TimeProvider time)
{
    public async Task<ProofResult> Run(string? text, Caller caller)
    {
        if (ProofToken.Read(text) is not { } token) return ProofResult.InvalidToken;
        return await database.Write(async transaction =>
        {
            var now = time.GetUtcNow();
            if (await proofs.Find(transaction, token, ProofPurpose.UndoEmailChange) is not { } found) return await proofs.IsOfDisabled(transaction, token, ProofPurpose.UndoEmailChange) ? ProofResult.Disabled : ProofResult.InvalidToken;
            if (await UserAccounts.FindHolder(transaction, found.EmailKey, found.UserId, now) is not null) return ProofResult.EmailTaken;
            if (await proofs.Consume(transaction, token, ProofPurpose.UndoEmailChange) is not { } proof) return ProofResult.InvalidToken;
            await Restore(transaction, proof, caller, now);
            return ProofResult.Done;
        });
    }

    private async ValueTask Restore(Transaction transaction, Proof proof, Caller caller, DateTimeOffset now)
    {
        var changed = (await UserAccounts.Find(transaction, proof.UserId))!;
        await transaction.Execute(
            """
            UPDATE users SET email = @email, email_key = @key, is_verified = TRUE, password_hash = @nobodys, epoch = epoch + 1, updated_at = @now
             WHERE id = @id
            """,
            ("email", proof.Email), ("key", proof.EmailKey), ("nobodys", StoredHash.OfNobody), ("now", now), ("id", proof.UserId));
        await AccountProofs.EndSince(transaction, proof);
        var cause = await changes.Note(transaction, proof.UserId, new UserEffect(JournalKind.EmailChangeUndone) { Address = caller.Address, EndReason = EndReason.EmailChangeUndone }, now);
        await reset.Send(transaction, changed with { Email = proof.Email }, cause, caller);
        await outbox.Add(transaction, letters.PasswordChanged(changed, changed.Email, caller with { Address = null }));   // who reads mail there may be the thief
    }
}
