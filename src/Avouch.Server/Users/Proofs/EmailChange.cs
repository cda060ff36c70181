using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Limits;
using Avouch.Server.Mail;

namespace Avouch.Server.Users;

/// <summary>
/// Another address, in two steps: the password and a secret that goes to the new address; then the secret, and a notice to the old address from where
/// <see cref="EmailUndo"/> takes it back.
/// </summary>
internal sealed class EmailChange(
    Database database, AccountProofs proofs, CurrentPassword current, EmailReplacement replacement, AccountLetters letters, Outbox outbox, RateLimits limits, SecurityJournal journal, TimeProvider time)
{
    /// <summary>
    /// Sends the secret to the new address. Where somebody else has it, the same rows are written and their owner gets a letter instead: who asks
    /// cannot tell. There are limits by account and by new address, which count what was mailed; wrong passwords have a limit of their own.
    /// </summary>
    public async Task<ProofResult> Request(Guid user, string newEmail, string password, Caller caller, CancellationToken cancelled)
    {
        var (key, target) = ($"{user:N}", NameKey.Of(newEmail));
        if (limits.Take(Limit.EmailChange, key) is { IsAllowed: false } full) return ProofResult.TooMany(full);
        if (limits.Take(Limit.EmailChangeTo, target) is { IsAllowed: false } flooded)
        {
            limits.GiveBack(Limit.EmailChange, key);
            return ProofResult.TooMany(flooded);
        }
        var result = await TryRequest(user, newEmail.Trim(), password, caller, cancelled)
            ?? await TryRequest(user, newEmail.Trim(), password, caller, cancelled)
            ?? ProofResult.WrongPassword(null);
        if (result.Outcome == ProofOutcome.Done) return result;
        limits.GiveBack(Limit.EmailChange, key);
        limits.GiveBack(Limit.EmailChangeTo, target);
        return result;
    }

    /// <summary>The change that waits for its link, if there is one. It is there also where somebody else has the address: who asks cannot tell.</summary>
    public ValueTask<PendingProof?> FindPending(Guid user) => database.Read(statements => proofs.FindPending(statements, user, ProofPurpose.ChangeEmail));

    /// <summary>Takes back what was asked for. Nothing has changed by it so far, so the journal has no row of it.</summary>
    public async Task Cancel(Guid user) => await database.Write(transaction => AccountProofs.End(transaction, user, ProofPurpose.ChangeEmail));

    /// <summary>What is missing or wrong with what somebody typed, by the names of the API.</summary>
    public static Dictionary<string, string[]> FindFaults(string? newEmail, string? password)
    {
        var errors = new Dictionary<string, string[]>();
        if (AccountRules.CheckEmail(newEmail) is { } sentence) errors["new_email"] = [sentence];
        if (string.IsNullOrEmpty(password)) errors["current_password"] = ["The current password is needed."];
        return errors;
    }

    /// <summary>Nothing where the account's hash has changed since it was read: another password, or a sign-in that has renewed it.</summary>
    private async Task<ProofResult?> TryRequest(Guid user, string newEmail, string password, Caller caller, CancellationToken cancelled)
    {
        var (owner, refusal) = await current.Verify(user, password, caller, cancelled);
        if (owner is null) return refusal;
        return await database.Write(async transaction =>
        {
            var isUnchanged = await transaction.Find("SELECT 1 FROM users WHERE id = @id AND is_active AND password_hash = @hash", static row => row.Int(0), ("id", user), ("hash", owner.PasswordHash)) == 1;
            if (!isUnchanged) return null;
            var cause = await journal.Add(transaction, new JournalEntry(JournalKind.EmailChangeRequested, time.GetUtcNow()) { UserId = user, Address = caller.Address });
            var issued = await proofs.Issue(transaction, new NewProof(ProofPurpose.ChangeEmail, user, newEmail, owner.User.Email, cause));
            var holder = await UserAccounts.FindHolder(transaction, NameKey.Of(newEmail), user, time.GetUtcNow());
            await outbox.Add(transaction, holder is null ? letters.ConfirmNewEmail(owner.User, newEmail, issued, caller) : AccountLetters.AccountExists(holder, caller));
            return ProofResult.Done;
        });
    }

    /// <summary>Takes the secret and the address. Whoever asked is signed in still; whoever is signed in refreshes.</summary>
    public async Task<ProofResult> Confirm(string? text, Caller caller)
    {
        if (ProofToken.Read(text) is not { } token) return ProofResult.InvalidToken;
        return await database.Write(async transaction =>
        {
            var now = time.GetUtcNow();
            if (await proofs.Find(transaction, token, ProofPurpose.ChangeEmail) is not { } found) return ProofResult.InvalidToken;
            if (await UserAccounts.FindHolder(transaction, found.EmailKey, found.UserId, now) is not null) return ProofResult.EmailTaken;
            if (await proofs.Consume(transaction, token, ProofPurpose.ChangeEmail) is not { } proof) return ProofResult.InvalidToken;
            await replacement.Confirm(transaction, (await UserAccounts.Find(transaction, proof.UserId))!, proof.Email, caller);
            return ProofResult.Done;
        });
    }
}
