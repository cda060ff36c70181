using Avouch.Protocol;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Metrics;
using Avouch.Server.Settings;

namespace Avouch.Server.Sessions;

/// <summary>
/// The rotation of a refresh token: one conditional statement when all is well, and the reading of what happened when it changed no row.
/// </summary>
/// <remarks>
/// <code>
/// presented = the row's generation                      → generation + 1, a new pair                              (1)
/// presented = the previous one, inside the grace        → the current token again; nothing changes                (2)
/// presented = the previous one later, or an older one   → somebody copied it: the session ends                    (3)
/// presented = one that the row has not reached yet      → the database went back: refuse, alarm, end nothing      (4)
/// session ended or expired, user shut out, other client → refuse                                                  (5)
/// </code>
/// Two parallel refreshes with the same token: the statement lets one through (1), the other finds the row changed and gets the same token
/// again (2). So no race, retry or lost answer signs anybody out, and there is never a second branch.
/// </remarks>
internal sealed class Rotation(Database database, SecurityJournal journal, UserSessions sessions, SessionSettings settings, ServerMeter meter, TimeProvider time)
{
    /// <param name="presented">A token whose MAC has been verified.</param>
    /// <param name="client">Who presents it: only the client that the session belongs to gets a new one.</param>
    /// <param name="accessUntil">The <c>exp</c> that the access token will have; kept before it is signed.</param>
    public async ValueTask<Rotated> Rotate(RefreshToken presented, string client, DateTimeOffset accessUntil, Device device)
    {
        var rotated = await TryRotate(presented, client, accessUntil, device);
        meter.Refreshes.Count("result", rotated.Result);
        return rotated;
    }

    private ValueTask<Rotated> TryRotate(RefreshToken presented, string client, DateTimeOffset accessUntil, Device device) => database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        var rotated = await transaction.Find(
            $"""
            UPDATE sessions
               SET generation = generation + 1, rotated_at = @now, idle_until = @idle_until, address = @address, agent = @agent,
                   access_until = CASE WHEN access_until < @access_until THEN @access_until ELSE access_until END
             WHERE id = @id AND generation = @presented AND client_id = @client
               AND ended_at IS NULL AND idle_until > @now AND expires_at > @now
               AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND is_active)
            RETURNING {Grant.Columns}
            """,
            Grant.Read,
            ("id", presented.SessionId), ("presented", presented.Generation), ("client", client), ("now", now), ("idle_until", now + settings.IdleLimit),
            ("access_until", accessUntil), ("address", device.Address), ("agent", device.Agent));
        return rotated is not null ? Rotated.To(rotated) : await Explain(transaction, presented, client, accessUntil, device, now);
    });

    /// <summary>Why the statement changed nothing, seen in the same transaction. What has to be written is committed, although the answer is a refusal.</summary>
    private async ValueTask<Rotated> Explain(Transaction transaction, RefreshToken presented, string client, DateTimeOffset accessUntil, Device device, DateTimeOffset now)
    {
        var session = await transaction.Find($"SELECT {Session.Columns} FROM sessions WHERE id = @id", Session.Read, ("id", presented.SessionId));
        if (session is null) return Rotated.Refused(RefreshRefusal.Unknown);
        if (session.ClientId != client) return Rotated.Refused(RefreshRefusal.OtherClient);
        if (session.EndedAt is not null) return Rotated.Refused(RefreshRefusal.Ended, session.EndedBy);
        if (session.IsExpired(now)) return Rotated.Refused(RefreshRefusal.Expired);
        if (presented.Generation > session.Generation) return await Alarm(transaction, session, presented, device, now);
        if (presented.Generation == session.Generation) return Rotated.Refused(RefreshRefusal.UserShutOut);
        if (IsRepeat(session, presented, now)) return await Repeat(transaction, session, accessUntil, device, now);
        var cause = await sessions.End(transaction, session, EndReason.Replay, now, device.Address);
        return Rotated.Refused(RefreshRefusal.Replayed, cause);
    }

    private bool IsRepeat(Session session, RefreshToken presented, DateTimeOffset now)
    {
        var age = now < session.RotatedAt ? TimeSpan.Zero : now - session.RotatedAt;
        return presented.Generation == session.Generation - 1 && age < settings.Grace;
    }

    /// <summary>The current token once more. Only the promise of a later <c>exp</c> is written, and only where it is later.</summary>
    private async ValueTask<Rotated> Repeat(Transaction transaction, Session session, DateTimeOffset accessUntil, Device device, DateTimeOffset now)
    {
        var grant = await transaction.Find(
            $"""
            UPDATE sessions SET access_until = CASE WHEN access_until < @access_until THEN @access_until ELSE access_until END
             WHERE id = @id AND EXISTS (SELECT 1 FROM users WHERE users.id = user_id AND is_active)
            RETURNING {Grant.Columns}
            """,
            Grant.Read, ("id", session.Id), ("access_until", accessUntil));
        if (grant is null) return Rotated.Refused(RefreshRefusal.UserShutOut);
        if (session.Address != device.Address)
            await journal.AddOnce(transaction, Entry(JournalKind.RepeatedElsewhere, session, $"generation {session.Generation}", device, now));
        return Rotated.To(grant) with { IsRepeat = true };
    }

    private async ValueTask<Rotated> Alarm(Transaction transaction, Session session, RefreshToken presented, Device device, DateTimeOffset now)
    {
        var detail = $"presented {presented.Generation}, stored {session.Generation}";
        var cause = await journal.AddOnce(transaction, Entry(JournalKind.DatabaseWentBack, session, detail, device, now));
        return Rotated.Refused(RefreshRefusal.AheadOfDatabase, cause);
    }

    private static JournalEntry Entry(string kind, Session session, string detail, Device device, DateTimeOffset now) =>
        new(kind, now) { UserId = session.UserId, SessionId = session.Id, Address = device.Address, Detail = detail };
}

/// <summary>A grant, or one reason why there is none and the journal row that caused it.</summary>
internal sealed record Rotated(Grant? Grant, RefreshRefusal Refusal, long? Cause)
{
    /// <summary>Whether the grant is the current one once more, and nothing was rotated.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>One word of <see cref="RefreshResult"/>.</summary>
    public string Result => Grant is null ? Words<RefreshRefusal>.Of(Refusal) : IsRepeat ? RefreshResult.Repeat : RefreshResult.Fresh;

    public static Rotated To(Grant grant) => new(grant, RefreshRefusal.None, null);

    public static Rotated Refused(RefreshRefusal refusal, long? cause = null) => new(null, refusal, cause);
}

/// <summary>How a refresh went, for the figures.</summary>
internal static class RefreshResult
{
    public const string Fresh = "fresh";
    public const string Repeat = "repeat";

    /// <summary>Its MAC is wrong: no token of ours, and no query was made.</summary>
    public const string Forged = "forged";

    public static IEnumerable<string> All => Words<RefreshRefusal>.All.Where(word => word != Words<RefreshRefusal>.Of(RefreshRefusal.None)).Concat([Fresh, Repeat, Forged]);
}

internal enum RefreshRefusal
{
    None,
    Unknown,
    OtherClient,
    Ended,
    Expired,
    UserShutOut,
    Replayed,
    AheadOfDatabase,
}
