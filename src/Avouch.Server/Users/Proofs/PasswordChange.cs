using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;

namespace Avouch.Server.Users;

/// <summary>
/// A signed-in person's new password. The other sessions end unless they are to stay; this one goes on, and its next refresh brings an access token
/// that counts. The device that changes it stays known, if it was: all others are strangers.
/// </summary>
internal sealed class PasswordChange(
    Database database, UserAccounts users, CurrentPassword current, PasswordHasher passwords, PasswordCosts costs, UserChanges changes, KnownDevices devices, AccountLetters letters, Outbox outbox, TimeProvider time)
{
    /// <remarks>
    /// The row may change between the look and the write: another change of the password, or only the hash, which a sign-in has renewed. One more look
    /// tells them apart, as at sign-in.
    /// </remarks>
    public async Task<ProofResult> Run(NewPasswordOf wanted, Caller caller, CancellationToken cancelled)
    {
        var user = await users.Find(wanted.User);
        if (user is not null && PasswordPolicy.Find(wanted.Password, user.Username, user.Email, user.FullName) is not PasswordFault.None and var fault) return ProofResult.Weak(fault);
        return await TryRun(wanted, caller, cancelled)
            ?? await TryRun(wanted, caller, cancelled)
            ?? await current.Refuse(user, caller);
    }

    private async Task<ProofResult?> TryRun(NewPasswordOf wanted, Caller caller, CancellationToken cancelled)
    {
        var (owner, refusal) = await current.Verify(wanted.User, wanted.Current, caller, cancelled);
        if (owner is null) return refusal;
        var hashed = await passwords.Hash(wanted.Password, caller.Network, cancelled);
        if (hashed.Hash is null) return ProofResult.Busy(hashed.RetryAfter);
        var known = await devices.Find(wanted.Device, owner.User.Email);   // before its password is another one
        var result = await database.Write(transaction => Replace(transaction, owner, hashed.Hash, wanted, caller));
        if (result is not null) current.Forget(owner.User, caller);
        return result is null || known is null ? result : result with { Device = devices.Issue(owner with { PasswordEpoch = owner.PasswordEpoch + 1 }, known) };
    }

    /// <summary>Nothing where the account does not hold the verified hash any more: of two changes at once, one comes first and the other has verified an old password.</summary>
    private async ValueTask<ProofResult?> Replace(Transaction transaction, Credentials owner, string hash, NewPasswordOf wanted, Caller caller)
    {
        var now = time.GetUtcNow();
        var replaced = await transaction.Execute(
            """
            UPDATE users SET password_hash = @hash, epoch = epoch + 1, updated_at = @now
             WHERE id = @id AND is_active AND password_hash = @verified_hash
            """,
            ("hash", hash), ("now", now), ("id", owner.User.Id), ("verified_hash", owner.PasswordHash));
        if (replaced == 0) return null;
        await costs.Raise(transaction, hash);
        await AccountProofs.EndAll(transaction, owner.User.Id);
        var ended = wanted.KeepsSessions ? null : EndReason.PasswordChanged;
        await changes.Note(transaction, owner.User.Id, new UserEffect(JournalKind.PasswordChanged) { Detail = "changed", Address = caller.Address, EndReason = ended, SparedSession = wanted.Session }, now);
        await outbox.Add(transaction, letters.PasswordChanged(owner.User, owner.User.Email, caller));
        return ProofResult.Done;
    }
}

/// <summary>What somebody asks for who is signed in.</summary>
/// <param name="Session">The session that asks: it stays.</param>
/// <param name="KeepsSessions">Whether the others stay too.</param>
internal sealed record NewPasswordOf(Guid User, Guid Session, string Current, string Password, bool KeepsSessions)
{
    /// <summary>The device token that came with it, if any.</summary>
    public string? Device { get; init; }

    /// <summary>What is missing or wrong with what somebody typed, by the names of the API; what the policy says comes later.</summary>
    public static Dictionary<string, string[]> FindFaults(string? current, string? wanted)
    {
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrEmpty(current)) errors["current_password"] = ["The current password is needed."];
        if (string.IsNullOrEmpty(wanted)) errors["new_password"] = ["A new password is needed."];
        else if (wanted == current) errors["new_password"] = ["This is the password that you have; please choose another one."];
        return errors;
    }
}
