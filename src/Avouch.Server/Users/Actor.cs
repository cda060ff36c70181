using Avouch.Server.Data;
using Avouch.Server.Roles;

namespace Avouch.Server.Users;

/// <summary>Somebody who changes an account that is not their own.</summary>
internal sealed record Actor(Guid Id)
{
    /// <summary>
    /// Whether they may do this to the account as it is now. It is asked inside the transaction that changes the account: what was seen before may be
    /// different by then.
    /// </summary>
    public Func<RoleSnapshot, User, bool> Reaches { get; init; } = static (_, _) => true;

    /// <summary>The same person, where the answer is known for the rest of the transaction.</summary>
    public Actor Admitted => this with { Reaches = static (_, _) => true };

    /// <summary>The row is changed first, so that whoever gives the user more roles at the same time waits, on every engine.</summary>
    public async ValueTask<UserChange> Check(Transaction transaction, Guid user)
    {
        await transaction.Execute("UPDATE users SET updated_at = updated_at WHERE id = @id", ("id", user));
        if (await UserAccounts.Find(transaction, user) is not { } found) return UserChange.NoSuchUser;
        return Reaches(await RoleCatalogue.Read(transaction), found) ? UserChange.Done : UserChange.Outranked;
    }
}
