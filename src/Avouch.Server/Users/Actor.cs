using Avouch.Server.Data;
using Avouch.Server.Roles;

namespace Avouch.Server.Users;

/// <summary>
/// Somebody who changes an account that is not their own, or a role. What they may do is asked inside the transaction that does it: what was seen
/// before may be different by then, of them as well as of what they change.
/// </summary>
internal sealed record Actor(Guid Id)
{
    /// <summary>By which they were let in. Empty where somebody at the command line acts, whom nobody shuts out.</summary>
    public ActorSession? Session { get; init; }

    /// <summary>Whether they may do this to the account as it is now.</summary>
    public Func<RoleSnapshot, User, bool> Reaches { get; init; } = static (_, _) => true;

    /// <summary>The same for what is no account yet, or none at all.</summary>
    public Func<RoleSnapshot, bool> May { get; init; } = static _ => true;

    /// <summary>The same person, where the answer is known for the rest of the transaction.</summary>
    public Actor Admitted => new(Id);

    /// <summary>The row is changed first, so that whoever gives the user more roles at the same time waits, on every engine.</summary>
    public async ValueTask<UserChange> Check(Transaction transaction, Guid user)
    {
        if (!await IsIn(transaction)) return UserChange.Outranked;
        await transaction.Execute("UPDATE users SET updated_at = updated_at WHERE id = @id", ("id", user));
        if (await UserAccounts.Find(transaction, user) is not { } found) return UserChange.NoSuchUser;
        return Reaches(await RoleCatalogue.Read(transaction), found) ? UserChange.Done : UserChange.Outranked;
    }

    /// <summary>Whether they may do what <see cref="May"/> says.</summary>
    public async ValueTask<bool> IsAllowed(Transaction transaction) => await IsIn(transaction) && May(await RoleCatalogue.Read(transaction));

    /// <summary>
    /// Whether they are who they were when the request began: a role that was taken away, a new password and a shut-out each raise the epoch, and a
    /// session may have ended. The row of the actor is changed first, as that of the account is.
    /// </summary>
    private async ValueTask<bool> IsIn(Transaction transaction)
    {
        if (Session is not { } session) return true;
        await transaction.Execute("UPDATE users SET updated_at = updated_at WHERE id = @id", ("id", Id));
        return await transaction.Find(
            """
            SELECT 1 FROM users JOIN sessions ON sessions.user_id = users.id
             WHERE users.id = @id AND users.is_active AND users.epoch = @epoch AND sessions.id = @session AND sessions.ended_at IS NULL
            """,
            static row => row.Int(0), ("id", Id), ("epoch", session.Epoch), ("session", session.Id)) == 1;
    }
}

/// <summary>The session of a request, and the user's epoch when it began.</summary>
internal readonly record struct ActorSession(Guid Id, long Epoch);
