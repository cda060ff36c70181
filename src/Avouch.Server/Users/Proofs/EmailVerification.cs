using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;

namespace Avouch.Server.Users;

/// <summary>Whether somebody reads the mail of the address that they gave.</summary>
internal sealed class EmailVerification(Database database, AccountProofs proofs, AccountLetters letters, Outbox outbox, SecurityJournal journal, TimeProvider time)
{
    /// <summary>Sends the secret once more, in the place of the one before. Nothing happens where the address is verified already.</summary>
    /// <returns>The secret, for a developer's eyes only; nothing where none was sent.</returns>
    public ValueTask<ProofToken?> Request(Guid id, Caller caller) => database.Write<ProofToken?>(async transaction =>
    {
        if (await UserAccounts.Find(transaction, id) is not { IsActive: true, IsVerified: false } user) return null;
        var cause = await journal.Add(transaction, new JournalEntry(JournalKind.VerificationRequested, time.GetUtcNow()) { UserId = id, Address = caller.Address });
        return (await Send(transaction, user, cause, caller)).Token;
    });

    /// <summary>Sends the first secret in the transaction of the registration.</summary>
    public async ValueTask<IssuedProof> Send(Transaction transaction, User user, long cause, Caller caller)
    {
        var issued = await proofs.Issue(transaction, new NewProof(ProofPurpose.VerifyEmail, user.Id, user.Email, user.Email, cause));
        await outbox.Add(transaction, letters.VerifyEmail(user, issued, caller));
        return issued;
    }

    /// <summary>Takes the secret and notes that the address is theirs. Access tokens say nothing about it, so none goes stale.</summary>
    public async Task<ProofResult> Confirm(string? text, Caller caller)
    {
        if (ProofToken.Read(text) is not { } token) return ProofResult.InvalidToken;
        return await database.Write(async transaction =>
        {
            var now = time.GetUtcNow();
            if (await proofs.Consume(transaction, token, ProofPurpose.VerifyEmail) is not { } proof) return ProofResult.InvalidToken;
            await transaction.Execute("UPDATE users SET is_verified = TRUE, updated_at = @now WHERE id = @id", ("now", now), ("id", proof.UserId));
            await journal.Add(transaction, new JournalEntry(JournalKind.EmailVerified, now) { UserId = proof.UserId, Address = caller.Address });
            return ProofResult.Done;
        });
    }
}
