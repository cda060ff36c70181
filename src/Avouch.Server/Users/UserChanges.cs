using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;

namespace Avouch.Server.Users;

/// <summary>How a change of a user went.</summary>
internal enum UserChange
{
    Done,
    NoSuchUser,

    /// <summary>Nothing was done: afterwards nobody could administer this installation.</summary>
    LastAdmin,

    /// <summary>One of the roles does not exist.</summary>
    NoSuchRole,
}

/// <summary>What a change of a user brings about beside itself.</summary>
internal sealed record UserEffect(string Kind)
{
    /// <summary>Who did it, where that is somebody else than the user.</summary>
    public Guid? Actor { get; init; }

    /// <summary>From where it was done.</summary>
    public string? Address { get; init; }

    /// <summary>Of the journal row.</summary>
    public string? Detail { get; init; }

    /// <summary>Why all sessions end, where they do.</summary>
    public string? EndReason { get; init; }

    /// <summary>The one that goes on.</summary>
    public Guid? SparedSession { get; init; }

    public bool KeepsAnAdmin { get; init; }
}

/// <summary>
/// Changes that take access tokens back: role, status, password, deletion. Each raises the user's epoch in one statement, so that older tokens are
/// refused at once and the next refresh brings new ones. Where the person must sign in again, the sessions end in the same transaction.
/// </summary>
internal sealed class UserChanges(Database database, SecurityJournal journal, UserSessions sessions, PasswordCosts costs, TokenSettings tokens, TimeProvider time)
{
    private delegate ValueTask<int> Statement(Transaction transaction, DateTimeOffset now);

    /// <summary>Gives a user this one role.</summary>
    /// <inheritdoc cref="SetRoles(Guid, IReadOnlyList{string}, Guid?, bool)"/>
    public ValueTask<UserChange> SetRole(Guid user, string role, Guid? actor = null, bool keepsAnAdmin = false) => SetRoles(user, [role], actor, keepsAnAdmin);

    /// <summary>Gives a user other roles. Nobody signs in again: a refresh brings a token with the new ones.</summary>
    /// <param name="keepsAnAdmin">Refuses to leave the installation without an active administrator.</param>
    public ValueTask<UserChange> SetRoles(Guid user, IReadOnlyList<string> roles, Guid? actor = null, bool keepsAnAdmin = false) =>
        database.Write(transaction => SetRoles(transaction, user, roles, actor, keepsAnAdmin));

    /// <summary>The same as a part of a larger change.</summary>
    public async ValueTask<UserChange> SetRoles(Transaction transaction, Guid user, IReadOnlyList<string> roles, Guid? actor, bool keepsAnAdmin)
    {
        var ordered = UserRoles.Order(roles);
        if (await RoleCatalogue.FindUnknown(transaction, ordered) is not null) return UserChange.NoSuchRole;
        var effect = new UserEffect(JournalKind.RoleChanged) { Actor = actor, Detail = UserRoles.Join(ordered), KeepsAnAdmin = keepsAnAdmin && !ordered.Contains(Role.Admin) };
        return await Change(transaction, user, effect, async (_, now) =>
        {
            await UserRoles.Set(transaction, user, ordered);
            return await transaction.Execute("UPDATE users SET epoch = epoch + 1, updated_at = @now WHERE id = @id", ("now", now), ("id", user));
        });
    }

    /// <summary>Shuts a user out: all sessions end, and no sign-in succeeds, not even one that has already verified the password.</summary>
    /// <inheritdoc cref="SetRole(Guid, string, Guid?, bool)"/>
    public ValueTask<UserChange> Disable(Guid user, Guid? actor = null, bool keepsAnAdmin = false) => Change(
        user, new UserEffect(JournalKind.UserDisabled) { Actor = actor, EndReason = EndReason.UserDisabled, KeepsAnAdmin = keepsAnAdmin }, async (transaction, now) =>
        {
            await AccountProofs.EndAll(transaction, user);
            return await transaction.Execute("UPDATE users SET is_active = FALSE, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("now", now), ("id", user));
        });

    public ValueTask<UserChange> Enable(Guid user, Guid? actor = null) => Change(user, new UserEffect(JournalKind.UserEnabled) { Actor = actor }, (transaction, now) =>
        transaction.Execute("UPDATE users SET is_active = TRUE, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("now", now), ("id", user)));

    /// <summary>Replaces the password. All sessions end, and a sign-in that verified the old one fails.</summary>
    public ValueTask<UserChange> SetPassword(Guid user, string passwordHash, Guid? actor = null) => Change(
        user, new UserEffect(JournalKind.PasswordChanged) { Actor = actor, EndReason = EndReason.PasswordChanged }, async (transaction, now) =>
        {
            await costs.Raise(transaction, passwordHash);
            await AccountProofs.EndAll(transaction, user);
            return await transaction.Execute("UPDATE users SET password_hash = @hash, password_epoch = password_epoch + 1, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("hash", passwordHash), ("now", now), ("id", user));
        });

    /// <summary>
    /// Deletes an account and its sessions. The rows of the journal stay, with its id and without its name; the id is never given to anybody else.
    /// They are also what a restarted server learns from that tokens of the account are refused.
    /// </summary>
    /// <inheritdoc cref="SetRole(Guid, string, Guid?, bool)"/>
    public ValueTask<UserChange> Delete(Guid user, Guid? actor = null, bool keepsAnAdmin = false) => Change(
        user, new UserEffect(JournalKind.UserDeleted) { Actor = actor, EndReason = EndReason.UserDeleted, KeepsAnAdmin = keepsAnAdmin }, (transaction, _) =>
        transaction.Execute("UPDATE users SET epoch = epoch + 1 WHERE id = @id", ("id", user)),
        async transaction =>
        {
            await AccountProofs.Delete(transaction, user);
            return await transaction.Execute("DELETE FROM users WHERE id = @id", ("id", user));
        });

    private ValueTask<UserChange> Change(Guid user, UserEffect effect, Statement change, Func<Transaction, ValueTask<int>>? last = null) =>
        database.Write(transaction => Change(transaction, user, effect, change, last));

    private async ValueTask<UserChange> Change(Transaction transaction, Guid user, UserEffect effect, Statement change, Func<Transaction, ValueTask<int>>? last = null)
    {
        var now = time.GetUtcNow();
        if (effect.KeepsAnAdmin && await IsLastAdmin(transaction, user)) return UserChange.LastAdmin;
        if (await change(transaction, now) == 0) return UserChange.NoSuchUser;
        await Note(transaction, user, effect, now);
        if (last is not null) await last(transaction);
        return UserChange.Done;
    }

    /// <summary>Does what follows from a statement that has raised the user's epoch in the caller's transaction: the journal, the sessions.</summary>
    /// <returns>The journal row.</returns>
    public async ValueTask<long> Note(Transaction transaction, Guid user, UserEffect effect, DateTimeOffset now)
    {
        var (epoch, until) = await FindReach(transaction, user, now);
        var entry = new JournalEntry(effect.Kind, now) { UserId = user, ActorId = effect.Actor, Address = effect.Address, Epoch = epoch, Until = until, Detail = effect.Detail };
        var cause = await journal.Add(transaction, entry);
        await transaction.Execute("UPDATE users SET epoch_until = @until, epoch_cause = @cause WHERE id = @id", ("until", until), ("cause", cause), ("id", user));
        if (effect.EndReason is { } reason) await sessions.EndAll(transaction, user, reason, now, effect.Address, effect.SparedSession);
        return cause;
    }

    /// <summary>
    /// Whether nobody else could administer this installation. The row of the role is changed first, so that of two administrators who demote each
    /// other at once the second waits until the first is done, on every engine.
    /// </summary>
    private static async ValueTask<bool> IsLastAdmin(Transaction transaction, Guid user)
    {
        await transaction.Execute("UPDATE roles SET updated_at = updated_at WHERE name = @admin", ("admin", Role.Admin));
        return await transaction.Find(
            """
            SELECT 1 FROM user_roles AS own JOIN users ON users.id = own.user_id
             WHERE own.role = @admin AND own.user_id = @id AND users.is_active
               AND NOT EXISTS (SELECT 1 FROM user_roles AS theirs JOIN users AS others ON others.id = theirs.user_id
                                WHERE theirs.role = @admin AND theirs.user_id <> @id AND others.is_active)
            """,
            static row => row.Int(0), ("id", user), ("admin", Role.Admin)) == 1;
    }

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
