using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;

namespace Avouch.Server.Users;

/// <summary>
/// Changes that take access tokens back: role, status, password. Each raises the user's epoch in one statement, so that older tokens are refused
/// at once and the next refresh brings new ones. Where the person must sign in again, the sessions end in the same transaction.
/// </summary>
internal sealed class UserChanges(Database database, SecurityJournal journal, UserSessions sessions, PasswordCosts costs, TokenSettings tokens, TimeProvider time)
{
    /// <summary>Gives a user another role. Nobody signs in again: a refresh brings a token with the new one.</summary>
    /// <returns>Whether there is such a user.</returns>
    public ValueTask<bool> SetRole(Guid user, string role, Guid? actor = null) => Change(user, actor, JournalKind.RoleChanged, role, null, (transaction, now) =>
        transaction.Execute("UPDATE users SET role = @role, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("role", role), ("now", now), ("id", user)));

    /// <summary>Shuts a user out: all sessions end, and no sign-in succeeds, not even one that has already verified the password.</summary>
    public ValueTask<bool> Disable(Guid user, Guid? actor = null) => Change(user, actor, JournalKind.UserDisabled, null, EndReason.UserDisabled, (transaction, now) =>
        transaction.Execute("UPDATE users SET is_active = FALSE, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("now", now), ("id", user)));

    public ValueTask<bool> Enable(Guid user, Guid? actor = null) => Change(user, actor, JournalKind.UserEnabled, null, null, (transaction, now) =>
        transaction.Execute("UPDATE users SET is_active = TRUE, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("now", now), ("id", user)));

    /// <summary>Replaces the password. All sessions end, and a sign-in that verified the old one fails.</summary>
    public ValueTask<bool> SetPassword(Guid user, string passwordHash, Guid? actor = null) => Change(user, actor, JournalKind.PasswordChanged, null, EndReason.PasswordChanged, async (transaction, now) =>
    {
        await costs.Raise(transaction, passwordHash);
        return await transaction.Execute("UPDATE users SET password_hash = @hash, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("hash", passwordHash), ("now", now), ("id", user));
    });

    private ValueTask<bool> Change(Guid user, Guid? actor, string kind, string? detail, string? endReason, Func<Transaction, DateTimeOffset, ValueTask<int>> change) =>
        database.Write(async transaction =>
        {
            var now = time.GetUtcNow();
            if (await change(transaction, now) == 0) return false;
            var (epoch, until) = await FindReach(transaction, user, now);
            var cause = await journal.Add(transaction, new JournalEntry(kind, now) { UserId = user, ActorId = actor, Epoch = epoch, Until = until, Detail = detail });
            await transaction.Execute("UPDATE users SET epoch_until = @until, epoch_cause = @cause WHERE id = @id", ("until", until), ("cause", cause), ("id", user));
            if (endReason is not null) await sessions.EndAll(transaction, user, endReason, now);
            return true;
        });

    /// <summary>
    /// The epoch after the change, and until when a token of an older one can be alive: the highest exp promised in any session, and never less
    /// than that of a token that another node may be signing at this moment.
    /// </summary>
    private async ValueTask<(long Epoch, DateTimeOffset Until)> FindReach(Transaction transaction, Guid user, DateTimeOffset now)
    {
        var reach = await transaction.Find(
            "SELECT epoch, (SELECT MAX(access_until) FROM sessions WHERE user_id = @id) FROM users WHERE id = @id",
            static row => new { Epoch = row.Long(0), Until = row.TimeOrNull(1) },
            ("id", user));
        var soonest = now + tokens.AccessLifetime;
        return (reach!.Epoch, reach.Until > soonest ? reach.Until.Value : soonest);
    }
}
