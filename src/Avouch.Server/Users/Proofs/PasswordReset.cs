using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;

namespace Avouch.Server.Users;

/// <summary>
/// A forgotten password: a secret goes to the stored address, and whoever brings it back sets a new one. Everybody is signed out by it, whoever knew
/// the old one included.
/// </summary>
internal sealed class PasswordReset(
    Database database, AccountProofs proofs, UserAccounts users, CurrentPassword current, KnownDevices devices, PasswordHasher passwords, PasswordCosts costs, UserChanges changes, AccountLetters letters,
    Outbox outbox, SecurityJournal journal, TimeProvider time)
{
    /// <summary>Stands in for whoever has not this address. No account has this id.</summary>
    private static readonly User Nobody = new(Guid.Empty, null, "nobody@invalid", null, Role.Guest, false, false, 0, default, default, null, null, []);

    /// <summary>Sends the secret, if there is an active account with this address.</summary>
    /// <remarks>
    /// For an address that nobody has, and for a disabled account, the same statements run in the same order and the same commit follows: what was
    /// written for nobody is taken away by two statements that find nothing otherwise (decision 101).
    /// </remarks>
    /// <returns>The secret, for a developer's eyes only; nothing where none was sent.</returns>
    public ValueTask<ProofToken?> Request(string email, Caller caller) => database.Write(async transaction =>
    {
        var known = await transaction.Find($"SELECT {User.Columns} FROM users WHERE email_key = @key", User.Read, ("key", NameKey.Of(email)));
        var user = known is { IsActive: true } ? known : Nobody;
        var entry = new JournalEntry(JournalKind.PasswordResetRequested, time.GetUtcNow()) { UserId = known?.Id, Address = caller.Address };
        var issued = await Send(transaction, user, await journal.Add(transaction, entry), caller);
        await AccountProofs.Delete(transaction, Nobody.Id);
        await Outbox.TakeBack(transaction, Nobody.Id);
        return user == Nobody ? null : issued.Token;
    });

    /// <summary>Sends the secret for an administrator, who helps somebody back in.</summary>
    public ValueTask<UserChange> RequestFor(Guid id, Actor actor, Caller caller) => database.Write(async transaction =>
    {
        if (await actor.Check(transaction, id) is not UserChange.Done and var refused) return refused;
        var user = (await UserAccounts.Find(transaction, id))!;
        if (!user.IsActive) return UserChange.Disabled;
        var entry = new JournalEntry(JournalKind.PasswordResetRequested, time.GetUtcNow()) { UserId = id, ActorId = actor.Id };
        await Send(transaction, user, await journal.Add(transaction, entry), caller);
        return UserChange.Done;
    });

    /// <summary>Sends a secret as a part of a larger change.</summary>
    public async ValueTask<IssuedProof> Send(Transaction transaction, User user, long cause, Caller caller)
    {
        var issued = await proofs.Issue(transaction, new NewProof(ProofPurpose.ResetPassword, user.Id, user.Email, user.Email, cause));
        await outbox.Add(transaction, letters.ResetPassword(user, issued, caller));
        return issued;
    }

    /// <summary>Whether a secret counts at this moment: before anybody thinks of a password. It stays as it is.</summary>
    public async Task<bool> IsAlive(ProofToken token) => await database.Read(statements => proofs.Find(statements, token, ProofPurpose.ResetPassword)) is not null;

    /// <summary>Sets the new password. What is wrong with it, or a full queue, leaves the secret as it is; of two at once, one wins.</summary>
    public async Task<ProofResult> Confirm(string? text, string password, Caller caller, CancellationToken cancelled)
    {
        if (ProofToken.Read(text) is not { } token) return ProofResult.InvalidToken;
        if (await database.Read(statements => FindOwner(statements, token)) is not { } user) return ProofResult.InvalidToken;
        if (PasswordPolicy.Find(password, user.Username, user.Email, user.FullName) is not PasswordFault.None and var fault) return ProofResult.Weak(fault);
        var hashed = await passwords.Hash(password, caller.Network, cancelled);
        if (hashed.Hash is null) return ProofResult.Busy(hashed.RetryAfter);
        var result = await database.Write(transaction => Replace(transaction, token, hashed.Hash, caller));
        return result.Outcome == ProofOutcome.Done ? await LetIn(result, user, hashed.Hash, caller) : result;
    }

    /// <summary>
    /// The mailed secret has shown who this is: guesses at the old password do not count, and the device is known from now on, so that its owner enters
    /// while somebody else guesses on.
    /// </summary>
    private async Task<ProofResult> LetIn(ProofResult result, User user, string hash, Caller caller)
    {
        current.Forget(user, caller);
        return await users.FindCredentials(user.Id) is { } owner && owner.PasswordHash == hash ? result with { Device = devices.Issue(owner, before: null) } : result;
    }

    /// <summary>A mail that came back proves the address too.</summary>
    private async ValueTask<ProofResult> Replace(Transaction transaction, ProofToken token, string hash, Caller caller)
    {
        var now = time.GetUtcNow();
        if (await proofs.Consume(transaction, token, ProofPurpose.ResetPassword) is not { } proof) return ProofResult.InvalidToken;
        var user = (await UserAccounts.Find(transaction, proof.UserId))!;
        await transaction.Execute(
            "UPDATE users SET password_hash = @hash, is_verified = TRUE, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("hash", hash), ("now", now), ("id", user.Id));
        await costs.Raise(transaction, hash);
        await AccountProofs.EndAll(transaction, user.Id);
        if (!user.IsVerified) await journal.Add(transaction, new JournalEntry(JournalKind.EmailVerified, now) { UserId = user.Id, Address = caller.Address });
        await changes.Note(transaction, user.Id, new UserEffect(JournalKind.PasswordChanged) { Detail = "reset", Address = caller.Address, EndReason = EndReason.PasswordChanged }, now);
        await outbox.Add(transaction, letters.PasswordChanged(user, user.Email, caller));
        return ProofResult.Done;
    }

    private async ValueTask<User?> FindOwner(Statements statements, ProofToken token) =>
        await proofs.Find(statements, token, ProofPurpose.ResetPassword) is { } proof ? await UserAccounts.Find(statements, proof.UserId) : null;
}
