using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
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

    /// <summary>By now the user may do more than whoever wanted this.</summary>
    Outranked,

    /// <summary>Nothing was sent: nobody signs in to the account.</summary>
    Disabled,

    /// <summary>It is so already.</summary>
    NothingToDo,
}

/// <summary>What a change of a user brings about beside itself.</summary>
internal sealed record UserEffect(string Kind)
{
    /// <summary>Who did it, where that is somebody else than the user.</summary>
    public Actor? Actor { get; init; }

    /// <summary>From where it was done.</summary>
    public string? Address { get; init; }

    /// <summary>Of the journal row.</summary>
    public string? Detail { get; init; }

    /// <summary>Why all sessions end, where they do.</summary>
    public string? EndReason { get; init; }

    /// <summary>The one that goes on.</summary>
    public Guid? SparedSession { get; init; }

    public bool KeepsAnAdmin { get; init; }

    /// <summary>Another password counts from now on, or none.</summary>
    public bool IsNewPassword => Kind is JournalKind.PasswordChanged or JournalKind.EmailChangeUndone;
}

/// <summary>
/// Changes that take access tokens back: role, status, password, deletion. Each raises the user's epoch in one statement, so that older tokens are
/// refused at once and the next refresh brings new ones. Where the person must sign in again, the sessions end in the same transaction.
/// </summary>
internal sealed class UserChanges(Database database, SecurityJournal journal, UserSessions sessions, PasswordCosts costs, AccountLocks locks, Outbox outbox, TokenSettings tokens, TimeProvider time)
{
    private delegate ValueTask<int> Statement(Transaction transaction, DateTimeOffset now);

    /// <summary>Gives a user this one role.</summary>
    /// <inheritdoc cref="SetRoles(Guid, IReadOnlyList{string}, Actor?, bool)"/>
    public ValueTask<UserChange> SetRole(Guid user, string role, Actor? actor = null, bool keepsAnAdmin = false) => SetRoles(user, [role], actor, keepsAnAdmin);

    /// <summary>Gives a user other roles. Nobody signs in again: a refresh brings a token with the new ones.</summary>
    /// <param name="keepsAnAdmin">Refuses to leave the installation without an active administrator.</param>
    public ValueTask<UserChange> SetRoles(Guid user, IReadOnlyList<string> roles, Actor? actor = null, bool keepsAnAdmin = false) =>
        database.Write(transaction => SetRoles(transaction, user, roles, actor, keepsAnAdmin));

    /// <summary>The same as a part of a larger change.</summary>
    public async ValueTask<UserChange> SetRoles(Transaction transaction, Guid user, IReadOnlyList<string> roles, Actor? actor, bool keepsAnAdmin)
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
    /// <inheritdoc cref="SetRole(Guid, string, Actor?, bool)"/>
    public ValueTask<UserChange> Disable(Guid user, Actor? actor = null, bool keepsAnAdmin = false) =>
        database.Write(transaction => SetStatus(transaction, user, isActive: false, actor, keepsAnAdmin));

    public ValueTask<UserChange> Enable(Guid user, Actor? actor = null) => database.Write(transaction => SetStatus(transaction, user, isActive: true, actor));

    /// <summary>Either of the two as a part of a larger change.</summary>
    public ValueTask<UserChange> SetStatus(Transaction transaction, Guid user, bool isActive, Actor? actor, bool keepsAnAdmin = false)
    {
        var effect = isActive
            ? new UserEffect(JournalKind.UserEnabled) { Actor = actor }
            : new UserEffect(JournalKind.UserDisabled) { Actor = actor, EndReason = EndReason.UserDisabled, KeepsAnAdmin = keepsAnAdmin };
        return Change(transaction, user, effect, async (_, now) =>
        {
            if (!isActive) await AccountProofs.EndAll(transaction, user);
            return await transaction.Execute("UPDATE users SET is_active = @is_active, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("is_active", isActive), ("now", now), ("id", user));
        });
    }

    /// <summary>Replaces the password. All sessions end, and a sign-in that verified the old one fails.</summary>
    public ValueTask<UserChange> SetPassword(Guid user, string passwordHash, Actor? actor = null) => Change(
        user, new UserEffect(JournalKind.PasswordChanged) { Actor = actor, EndReason = EndReason.PasswordChanged }, async (transaction, now) =>
        {
            await costs.Raise(transaction, passwordHash);
            await AccountProofs.EndAll(transaction, user);
            return await transaction.Execute("UPDATE users SET password_hash = @hash, epoch = epoch + 1, updated_at = @now WHERE id = @id", ("hash", passwordHash), ("now", now), ("id", user));
        });

    /// <summary>
    /// Deletes an account and its sessions. The rows of the journal stay, with its id and without its name; the id is never given to anybody else.
    /// They are also what a restarted server learns from that tokens of the account are refused. Mail that was not sent is forgotten but for the one
    /// that says so, and <see cref="JournalErasure"/> takes the network addresses out of the journal.
    /// </summary>
    /// <inheritdoc cref="SetRole(Guid, string, Actor?, bool)"/>
    public ValueTask<UserChange> Delete(Guid user, Actor? actor = null, bool keepsAnAdmin = false) => Change(
        user, new UserEffect(JournalKind.UserDeleted) { Actor = actor, EndReason = EndReason.UserDeleted, KeepsAnAdmin = keepsAnAdmin }, (transaction, _) =>
        transaction.Execute("UPDATE users SET epoch = epoch + 1 WHERE id = @id", ("id", user)),
        transaction => Erase(transaction, user));

    /// <summary>Ends a lock that wrong passwords have brought about.</summary>
    public ValueTask<UserChange> Unlock(Guid user, Actor? actor = null) => database.Write(async transaction =>
    {
        if (await (actor ?? new Actor(Guid.Empty)).Check(transaction, user) is not UserChange.Done and var refused) return refused;
        return await locks.Unlock(transaction, user, actor) ? UserChange.Done : UserChange.NothingToDo;
    });

    private async ValueTask Erase(Transaction transaction, Guid id)
    {
        var user = (await UserAccounts.Find(transaction, id))!;
        await AccountLocks.Delete(transaction, id);
        await AccountProofs.Delete(transaction, id);
        await UserMail.Drop(transaction, id);
        await outbox.Add(transaction, new Letter(MailTemplate.AccountDeleted, id, user.Email, user.Locale, new Dictionary<string, string>
        {
            ["name"] = user.FullName ?? user.Username ?? user.Email,
            ["when"] = MailTime.Write(time.GetUtcNow()),
        }));
        await JournalErasure.Add(transaction, id);
        await transaction.Execute("DELETE FROM users WHERE id = @id", ("id", id));
    }

    private ValueTask<UserChange> Change(Guid user, UserEffect effect, Statement change, Func<Transaction, ValueTask>? last = null) =>
        database.Write(transaction => Change(transaction, user, effect, change, last));

    private async ValueTask<UserChange> Change(Transaction transaction, Guid user, UserEffect effect, Statement change, Func<Transaction, ValueTask>? last = null)
    {
        var now = time.GetUtcNow();
        if (effect.Actor is { } actor && await actor.Check(transaction, user) is not UserChange.Done and var refused) return refused;
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
        var entry = new JournalEntry(effect.Kind, now) { UserId = user, ActorId = effect.Actor?.Id, Address = effect.Address, Epoch = epoch, Until = until, Detail = effect.Detail };
        var cause = await journal.Add(transaction, entry);
        await transaction.Execute("UPDATE users SET epoch_until = @until, epoch_cause = @cause WHERE id = @id", ("until", until), ("cause", cause), ("id", user));
        if (effect.EndReason is { } reason) await sessions.EndAll(transaction, user, reason, now, effect.Address, effect.SparedSession);
        if (effect.IsNewPassword) await ForgetGuesses(transaction, user, effect.Actor);
        return cause;
    }

    /// <summary>What was known of the old password counts no more: devices that knew it are strangers, and whoever guessed at it begins anew.</summary>
    private async ValueTask ForgetGuesses(Transaction transaction, Guid user, Actor? actor)
    {
        await transaction.Execute("UPDATE users SET password_epoch = password_epoch + 1 WHERE id = @id", ("id", user));
        await locks.Unlock(transaction, user, actor);
    }

    /// <summary>
    /// Whether nobody else could administer this installation. The row of the role is changed first, so that of two administrators who demote each
    /// other at once the second waits until the first is done, on every engine.
    /// </summary>
    internal static async ValueTask<bool> IsLastAdmin(Transaction transaction, Guid user)
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
