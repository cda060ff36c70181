using System.Globalization;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Settings;

namespace Avouch.Server.Users;

/// <summary>
/// The lock after so many wrong passwords in a row, where an operator wants one: the table <c>sign_in_failures</c>. A locked account answers like a
/// wrong password. The lock is for devices that the account does not know; known ones neither count nor are shut out, so that it cannot be used
/// against the owner. Names that nobody has share one row, so that they cost the same.
/// </summary>
internal sealed class AccountLocks(Database database, SecurityJournal journal, Outbox outbox, LimitSettings settings, TimeProvider time)
{
    private static readonly Guid Nobody = Guid.Empty;

    private readonly LockSettings settings = settings.Lock;

    public bool AreOn => settings.IsOn;

    /// <summary>Whether a sign-in from a device that the account does not know is refused, whatever the password.</summary>
    public async ValueTask<bool> Has(Guid? user) => settings.IsOn && await database.Read(statements => IsLocked(statements, user ?? Nobody, time.GetUtcNow()));

    /// <summary>Whether an account is locked, for those who look after it.</summary>
    public ValueTask<bool> IsLocked(Guid user) => database.Read(statements => IsLocked(statements, user, time.GetUtcNow()));

    /// <summary>The lock of an account, if it has one; until when, where it ends by itself.</summary>
    public async ValueTask<(bool IsLocked, DateTimeOffset? Until)> Find(Guid user) => await database.Read(statements => statements.Find(
        "SELECT 1, locked_until FROM sign_in_failures WHERE user_id = @user AND locked_at IS NOT NULL AND (locked_until IS NULL OR locked_until > @now)",
        static row => (row.Int(0) == 1, row.TimeOrNull(1)), ("user", user), ("now", time.GetUtcNow())));

    /// <summary>Counts a wrong password, if that is wanted at all; the one that makes the number full locks the account.</summary>
    /// <param name="user">Nothing for a name that nobody has.</param>
    /// <returns>The journal row of the lock, where it locks.</returns>
    public async ValueTask<long?> Count(Transaction transaction, Guid? user, string? address)
    {
        if (!settings.IsOn) return null;
        var now = time.GetUtcNow();
        var failed = await transaction.Find(
            """
            INSERT INTO sign_in_failures (user_id, failures) VALUES (@user, 1)
            ON CONFLICT (user_id) DO UPDATE SET
                failures = CASE WHEN sign_in_failures.locked_until <= @now THEN 1 ELSE sign_in_failures.failures + 1 END,
                locked_at = CASE WHEN sign_in_failures.locked_until <= @now THEN NULL ELSE sign_in_failures.locked_at END,
                locked_until = CASE WHEN sign_in_failures.locked_until <= @now THEN NULL ELSE sign_in_failures.locked_until END
            RETURNING failures, locked_at
            """,
            static row => new { Count = row.Long(0), LockedAt = row.TimeOrNull(1) }, ("user", user ?? Nobody), ("now", now));
        return user is { } known && failed!.LockedAt is null && failed.Count >= settings.AfterFailures ? await Lock(transaction, known, address, now) : null;
    }

    /// <summary>A right password from an unknown device: the ones before it are forgotten.</summary>
    public async ValueTask Forget(Transaction transaction, Guid user)
    {
        if (settings.IsOn) await Delete(transaction, user);
    }

    /// <summary>Ends a lock, and everything that led to it.</summary>
    /// <returns>Whether there was one.</returns>
    public async ValueTask<bool> Unlock(Transaction transaction, Guid user, Actor? actor)
    {
        var now = time.GetUtcNow();
        var wasLocked = await IsLocked(transaction, user, now);
        await Delete(transaction, user);
        if (wasLocked) await journal.Add(transaction, new JournalEntry(JournalKind.UserUnlocked, now) { UserId = user, ActorId = actor?.Id });
        return wasLocked;
    }

    /// <summary>Leaves nothing of an account that is going.</summary>
    public static ValueTask<int> Delete(Transaction transaction, Guid user) => transaction.Execute("DELETE FROM sign_in_failures WHERE user_id = @user", ("user", user));

    private async ValueTask<long> Lock(Transaction transaction, Guid user, string? address, DateTimeOffset now)
    {
        DateTimeOffset? until = settings.Time is { } time ? now + time : null;
        await transaction.Execute("UPDATE sign_in_failures SET locked_at = @now, locked_until = @until WHERE user_id = @user", ("now", now), ("until", until), ("user", user));
        var detail = string.Create(CultureInfo.InvariantCulture, $"{settings.AfterFailures} wrong passwords{(settings.Time is { } length ? $", {length.TotalMinutes} minutes" : "")}");
        var row = await journal.Add(transaction, new JournalEntry(JournalKind.UserLocked, now) { UserId = user, Address = address, Detail = detail });
        if (await transaction.Find($"SELECT {User.Columns} FROM users WHERE id = @user", User.Read, ("user", user)) is { } owner) await outbox.Add(transaction, AccountLetters.AccountLocked(owner, until));
        return row;
    }

    private static async ValueTask<bool> IsLocked(Statements statements, Guid user, DateTimeOffset now) => await statements.Find(
        "SELECT 1 FROM sign_in_failures WHERE user_id = @user AND locked_at IS NOT NULL AND (locked_until IS NULL OR locked_until > @now)",
        static row => row.Int(0), ("user", user), ("now", now)) == 1;
}
