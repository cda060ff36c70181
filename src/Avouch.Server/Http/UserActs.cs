using Avouch.Protocol;
using Avouch.Server.Journal;
using Avouch.Server.Limits;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>
/// What somebody does to the account of somebody else, over the API and on pages alike. Each act asks twice whether they may: before, for a plain reason,
/// and inside the transaction, where it counts.
/// </summary>
internal sealed class UserActs(Guard guard, UserAccounts users, UserChanges changes, UserSessions sessions, PasswordReset reset, RateLimits limits, JournalErasure erasure)
{
    public Task<Problem?> Disable(AccessToken token, Guid id) => SetStatus(token, id, isActive: false);

    public Task<Problem?> Enable(AccessToken token, Guid id) => SetStatus(token, id, isActive: true);

    public Task<Problem?> Unlock(AccessToken token, Guid id) =>
        Reach(token, id, async (user, actor) => Refuse(await changes.Unlock(user.Id, actor)));

    public Task<Problem?> Delete(AccessToken token, Guid id) => Reach(token, id, async (user, actor) =>
    {
        if (Refuse(await changes.Delete(user.Id, actor, keepsAnAdmin: true)) is { } refusal) return refusal;
        await erasure.Run(CancellationToken.None);
        return null;
    });

    /// <summary>Mails the link that sets a new password. It counts as if the person had asked for it.</summary>
    public Task<Problem?> SendReset(AccessToken token, Guid id, Caller caller) => Reach(token, id, async (user, actor) =>
    {
        if (user.IsActive && limits.Take(Limit.Reset, NameKey.Of(user.Email)) is { IsAllowed: false } full) return Problems.TooManyRequests(full);
        return Refuse(await reset.RequestFor(user.Id, actor, caller with { Languages = null }));
    });

    /// <returns>How many have ended, where it was not refused.</returns>
    public async Task<(int Count, Problem? Refusal)> EndSessions(AccessToken token, Guid id)
    {
        var count = 0;
        var refusal = await Reach(token, id, async (user, actor) =>
        {
            (var change, count) = await sessions.EndAll(user.Id, EndReason.EndedByAdmin, actor);
            return Refuse(change);
        });
        return (count, refusal);
    }

    /// <summary>Ends one of them.</summary>
    public Task<Problem?> EndSession(AccessToken token, Guid id, Guid session) =>
        Reach(token, id, async (user, actor) => Refuse(await sessions.End(session, user.Id, EndReason.EndedByAdmin, actor)));

    /// <summary>What is so already is no fault, and leaves no row.</summary>
    private Task<Problem?> SetStatus(AccessToken token, Guid id, bool isActive) => Reach(token, id, async (user, actor) =>
    {
        if (user.IsActive == isActive) return null;
        return Refuse(isActive ? await changes.Enable(user.Id, actor) : await changes.Disable(user.Id, actor, keepsAnAdmin: true));
    });

    private async Task<Problem?> Reach(AccessToken token, Guid id, Func<User, Actor, Task<Problem?>> act)
    {
        if (await users.Find(id) is not { } user) return Problems.NotFound;
        return guard.RefuseBeyond(token, user.Roles) ?? await act(user, guard.ActorOf(token));
    }

    private static Problem? Refuse(UserChange change) => change switch
    {
        UserChange.NoSuchUser => Problems.NotFound,
        UserChange.LastAdmin => Problems.LastAdmin,
        UserChange.Outranked => Problems.Outranked,
        UserChange.Disabled => Problems.NoResetWhileDisabled,
        _ => null,
    };
}
