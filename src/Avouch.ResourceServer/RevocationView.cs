using System.Collections.Concurrent;
using Avouch.Protocol;

namespace Avouch.ResourceServer;

/// <summary>
/// What has been taken back, in memory: sessions that ended, users whose older tokens no longer count, and everybody issued a token before some
/// moment. A look costs two dictionary reads; no database, no network.
/// </summary>
/// <remarks>
/// An entry is kept until the last access token that it can concern has expired, and a minute longer (clocks may differ by that much). After
/// that the token's own <c>exp</c> refuses it, and the entry can go. Applying an entry twice, or an older one after a newer one, changes nothing.
/// </remarks>
public sealed class RevocationView(TimeProvider time)
{
    /// <summary>How long an entry outlives the tokens that it concerns: the largest difference of clocks that is tolerated.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Guid, Ended> sessions = new();
    private readonly ConcurrentDictionary<Guid, Raised> users = new();
    private long sweptAt = time.GetTimestamp();
    private volatile Floor? floor;

    private readonly record struct Ended(DateTimeOffset Until, long Cause);

    private readonly record struct Raised(long Epoch, DateTimeOffset Until, long Cause);

    private sealed record Floor(DateTimeOffset IssuedBefore, long Cause);

    /// <summary>How many entries are held: a figure for metrics.</summary>
    public int Count => sessions.Count + users.Count;

    /// <summary>Refuses every access token of a session.</summary>
    /// <param name="session">The <c>sid</c> of its tokens.</param>
    /// <param name="until">The highest <c>exp</c> that was ever promised for it.</param>
    /// <param name="cause">Sequence number of the journal row that says why.</param>
    public void EndSession(Guid session, DateTimeOffset until, long cause)
    {
        sessions[session] = new Ended(until, cause);
        SweepNowAndThen();
    }

    /// <summary>Refuses a user's access tokens whose <c>epoch</c> is lower than this one.</summary>
    /// <param name="user">The <c>sub</c> of the tokens.</param>
    /// <param name="epoch">The lowest epoch that still counts.</param>
    /// <param name="until">The highest <c>exp</c> that was ever promised to this user.</param>
    /// <param name="cause">Sequence number of the journal row that says why.</param>
    public void RaiseEpoch(Guid user, long epoch, DateTimeOffset until, long cause)
    {
        var raised = new Raised(epoch, until, cause);
        users.AddOrUpdate(user, raised, (_, old) => old.Epoch >= epoch ? old : raised);
        SweepNowAndThen();
    }

    /// <summary>
    /// Refuses everybody's access tokens that were issued before a moment: a database was restored, and nobody knows any more what had been taken back.
    /// It stays for good; a lower one than there is already changes nothing.
    /// </summary>
    /// <param name="issuedBefore">A whole second: the lowest <c>iat</c> that still counts.</param>
    /// <param name="cause">Sequence number of the journal row that says why.</param>
    public void RaiseFloor(DateTimeOffset issuedBefore, long cause)
    {
        var raised = new Floor(issuedBefore, cause);
        for (var old = floor; old is null || old.IssuedBefore < issuedBefore; old = floor)
            if (Interlocked.CompareExchange(ref floor, raised, old) == old)
                return;
    }

    /// <summary>Whether a token has been taken back, and by which journal row.</summary>
    public Revocation Find(AccessToken token)
    {
        if (sessions.TryGetValue(token.SessionId, out var ended)) return new Revocation(RevocationKind.SessionEnded, ended.Cause);
        if (users.TryGetValue(token.Subject, out var raised) && token.Epoch < raised.Epoch) return new Revocation(RevocationKind.UserChanged, raised.Cause);
        if (floor is { } lowest && token.IssuedAt < lowest.IssuedBefore) return new Revocation(RevocationKind.SessionEnded, lowest.Cause);
        return default;
    }

    private void SweepNowAndThen()
    {
        var before = Interlocked.Read(ref sweptAt);
        if (time.GetElapsedTime(before) < SweepEvery) return;
        if (Interlocked.CompareExchange(ref sweptAt, time.GetTimestamp(), before) != before) return;
        Sweep();
    }

    /// <summary>Drops what no living token can need any more.</summary>
    internal void Sweep()
    {
        var limit = time.GetUtcNow() - Slack;
        foreach (var entry in sessions)
            if (entry.Value.Until < limit)
                sessions.TryRemove(entry);
        foreach (var entry in users)
            if (entry.Value.Until < limit)
                users.TryRemove(entry);
    }
}

/// <summary>Why a token that verifies is refused all the same.</summary>
public enum RevocationKind
{
    /// <summary>Nothing has taken it back.</summary>
    None,

    /// <summary>Its session ended, or all that began before some moment did: the person has to sign in again.</summary>
    SessionEnded,

    /// <summary>The user's role, password or status changed after it was issued: a refresh brings a token that counts.</summary>
    UserChanged,
}

/// <summary>What the view says of one token.</summary>
/// <param name="Kind">Whether and how it was taken back.</param>
/// <param name="Cause">Sequence number of the journal row that did it; 0 where nothing did.</param>
public readonly record struct Revocation(RevocationKind Kind, long Cause);
