using Avouch.Server.Journal;
using Avouch.Server.Sessions;

namespace Avouch.Server.Tests.Model;

/// <summary>
/// The rules of sessions, written down a second time and as plainly as possible: no database, no tokens, no races. What the server does at each
/// step of a random walk must be what this says.
/// </summary>
internal sealed class SessionModel(ModelLimits limits)
{
    private readonly Dictionary<Guid, ModelSession> rows = [];

    public int Rows => rows.Count;

    /// <summary>How many rows the journal has grown by. A refresh that succeeds is not among them.</summary>
    public long Journal { get; private set; }

    /// <summary>A new session; with one too many, the user's oldest other one ends.</summary>
    public void SignIn(ModelUser user, Guid id, DateTimeOffset now)
    {
        Journal++;
        var others = rows.Values.Where(row => row.User == user && row.IsAlive(now))
            .OrderByDescending(row => row.Created).ThenByDescending(row => row.Id).ToList();
        rows[id] = new ModelSession(id, user, now) { Idle = now + limits.Idle, Absolute = now + limits.Absolute, AccessUntil = Promise(now) };
        foreach (var surplus in others.Skip(limits.SessionsPerUser - 1)) End(surplus, EndReason.TooMany, now);
    }

    public Refreshed Refresh(Guid id, long presented, DateTimeOffset now)
    {
        if (Find(id) is not { } session) return new Refreshed(null, RefreshRefusal.Unknown, null);
        if (session.Ended is not null) return new Refreshed(null, RefreshRefusal.Ended, session.Because);
        if (!session.IsAlive(now)) return new Refreshed(null, RefreshRefusal.Expired, null);
        var isCurrent = presented == session.Generation;
        var isRepeat = presented == session.Generation - 1 && now - session.Rotated < limits.Grace;
        if (!isCurrent && !isRepeat) return new Refreshed(null, RefreshRefusal.Replayed, End(session, EndReason.Replay, now));
        if (isCurrent) (session.Generation, session.Rotated, session.Idle) = (presented + 1, now, now + limits.Idle);
        session.AccessUntil = Promise(now);
        return new Refreshed(session.Generation, RefreshRefusal.None, null);
    }

    /// <summary><c>accepted</c>, or the code of the refusal.</summary>
    public string Check(ModelToken token, DateTimeOffset now) =>
        token.Expires <= now ? "token_expired" :
        Find(token.Session) is { Ended: not null } ? "session_ended" :
        token.Epoch < token.User.Epoch ? "token_stale" : "accepted";

    /// <summary>A session can be ended while its refresh token counts, and also later, while an access token of it is alive.</summary>
    /// <returns>Whether there was something to end.</returns>
    public bool End(Guid id, ModelUser? owner, string because, DateTimeOffset now)
    {
        if (Find(id) is not { Ended: null } session || (owner is not null && session.User != owner)) return false;
        if (!session.IsAlive(now) && session.AccessUntil <= now) return false;
        End(session, because, now);
        return true;
    }

    public int EndAll(ModelUser user, string because, DateTimeOffset now)
    {
        var open = rows.Values.Where(row => row.User == user && row.Ended is null).ToList();
        open.ForEach(session => End(session, because, now));
        return open.Count;
    }

    /// <summary>A change of role, status or password: older access tokens are refused, and some changes end all sessions too.</summary>
    public void Change(ModelUser user, string? endingBecause, DateTimeOffset now)
    {
        (user.Epoch, Journal) = (user.Epoch + 1, Journal + 1);
        if (endingBecause is not null) EndAll(user, endingBecause, now);
    }

    /// <summary>One row for the new key, one for the change.</summary>
    public void RotateKey() => Journal += 2;

    public void Purge(DateTimeOffset now)
    {
        var old = now - limits.KeepEnded;
        var gone = rows.Values
            .Where(row => (row.Ended < old || row.Idle < old || row.Absolute < old) && row.AccessUntil < now - limits.Slack).ToList();
        gone.ForEach(row => rows.Remove(row.Id));
    }

    public ModelSession? Find(Guid id) => rows.GetValueOrDefault(id);

    /// <summary>Until when an access token of this moment lives: never longer than its session, in whole seconds, as JSON Web Tokens count them.</summary>
    public DateTimeOffset Expiry(ModelSession session, DateTimeOffset now)
    {
        var end = session.Idle < session.Absolute ? session.Idle : session.Absolute;
        return Promise(now) < end ? Promise(now) : WholeSeconds(end);
    }

    private DateTimeOffset Promise(DateTimeOffset now) => WholeSeconds(now) + limits.Access;

    private static DateTimeOffset WholeSeconds(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds());

    private string End(ModelSession session, string because, DateTimeOffset now)
    {
        (session.Ended, session.Because, Journal) = (now, because, Journal + 1);
        return because;
    }
}

internal sealed record ModelLimits(TimeSpan Grace, TimeSpan Idle, TimeSpan Absolute, TimeSpan Access, TimeSpan KeepEnded, TimeSpan Slack, int SessionsPerUser);

internal sealed class ModelUser(Guid id, string name)
{
    public Guid Id => id;
    public string Name => name;
    public string Password { get; set; } = "";
    public string Role { get; set; } = Server.Users.Role.User;
    public bool IsActive { get; set; } = true;
    public long Epoch { get; set; } = 1;
}

internal sealed class ModelSession(Guid id, ModelUser user, DateTimeOffset created)
{
    public Guid Id => id;
    public ModelUser User => user;
    public DateTimeOffset Created { get; } = created;
    public long Generation { get; set; } = 1;
    public DateTimeOffset Rotated { get; set; } = created;
    public DateTimeOffset Idle { get; set; }
    public DateTimeOffset Absolute { get; set; }
    public DateTimeOffset AccessUntil { get; set; }
    public DateTimeOffset? Ended { get; set; }
    public string? Because { get; set; }

    public bool IsAlive(DateTimeOffset now) => Ended is null && now < Idle && now < Absolute;
}

/// <summary>An access token that was handed out, and what it must be judged by.</summary>
internal sealed record ModelToken(string Text, ModelUser User, Guid Session, long Epoch, DateTimeOffset Expires);

/// <summary>How a refresh ends. <see cref="Refusal"/> is null where whoever looks cannot tell: HTTP gives every refusal the same answer.</summary>
/// <param name="EndedBecause">Why the session had ended or ends now, as the journal row says to which the refusal points.</param>
internal sealed record Refreshed(long? Generation, RefreshRefusal? Refusal, string? EndedBecause);
