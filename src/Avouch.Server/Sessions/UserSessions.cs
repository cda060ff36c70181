using System.Globalization;
using Avouch.ResourceServer;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Sessions;

/// <summary>Sessions: the table <c>sessions</c>, how one begins and how it ends. How it goes on is <see cref="Rotation"/>.</summary>
internal sealed class UserSessions(Database database, SecurityJournal journal, AccountLocks locks, RevocationView view, SessionSettings settings, TimeProvider time)
{
    /// <summary>
    /// Begins a session, if the user's row still holds the very hash that was verified and is active. A sign-in that began before a reset or a
    /// disable ends here: in the same statement, so there is no moment in between.
    /// </summary>
    /// <returns>The grant, or nothing where the user changed meanwhile.</returns>
    public ValueTask<Grant?> Start(VerifiedSignIn signIn, DateTimeOffset accessUntil, Device device) => database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        var grant = await transaction.Find(
            $"""
            INSERT INTO sessions (id, user_id, client_id, scope, generation, created_at, rotated_at, idle_until, expires_at, access_until, address, agent)
            SELECT @id, id, @client, @scope, 1, @now, @now, @idle_until, @expires_at, @access_until, @address, @agent
              FROM users
             WHERE id = @user AND is_active AND password_hash = @verified_hash
            RETURNING {Grant.Columns}
            """,
            Grant.Read,
            ("id", Guid.CreateVersion7(now)), ("client", signIn.ClientId), ("scope", signIn.Scope), ("now", now),
            ("idle_until", now + settings.IdleLimit), ("expires_at", now + settings.AbsoluteLimit), ("access_until", accessUntil),
            ("address", device.Address), ("agent", device.Agent), ("user", signIn.UserId), ("verified_hash", signIn.VerifiedHash));
        if (grant is null) return null;
        await transaction.Execute("UPDATE users SET last_login_at = @now, password_hash = @hash WHERE id = @user",
            ("now", now), ("hash", signIn.Rehashed ?? signIn.VerifiedHash), ("user", signIn.UserId));
        await journal.Add(transaction, new JournalEntry(JournalKind.SignedIn, now) { UserId = signIn.UserId, SessionId = grant.SessionId, Address = device.Address });
        if (!signIn.IsKnownDevice) await locks.Forget(transaction, signIn.UserId);
        await EndOldest(transaction, grant, now);
        return grant;
    });

    /// <summary>The sessions of a user that are alive, the newest first.</summary>
    public ValueTask<List<Session>> List(Guid user) => database.Read(statements => statements.List(
        $"""
        SELECT {Session.Columns} FROM sessions
         WHERE user_id = @user AND ended_at IS NULL AND idle_until > @now AND expires_at > @now
         ORDER BY created_at DESC, id DESC
        """,
        Session.Read, ("user", user), ("now", time.GetUtcNow())));

    /// <summary>Those of these sessions that are remembered and the user's, alive or not.</summary>
    /// <param name="ids">As many as stand on a page.</param>
    public ValueTask<List<Session>> ListThese(Guid user, IReadOnlyCollection<Guid> ids)
    {
        (string, SqlValue)[] parameters = [("user", user), .. ids.Select((id, index) => ($"id{index}", (SqlValue)id))];
        var names = string.Join(", ", ids.Select((_, index) => $"@id{index}"));
        return ids.Count == 0 ? new([]) : database.Read(statements => statements.List($"SELECT {Session.Columns} FROM sessions WHERE id IN ({names}) AND user_id = @user", Session.Read, parameters));
    }

    /// <summary>All sessions of a user that are remembered, also those that ended, a page at a time.</summary>
    public static ValueTask<List<Session>> ListEver(Statements statements, Guid user, Guid after, int limit) => statements.List(
        $"SELECT {Session.Columns} FROM sessions WHERE user_id = @user AND id > @after ORDER BY id LIMIT @limit",
        Session.Read, ("user", user), ("after", after), ("limit", limit));

    /// <summary>Sessions of everybody that are alive, in the order of their beginning, a page at a time.</summary>
    public ValueTask<List<Session>> ListAll(Guid after, int limit) => database.Read(statements => statements.List(
        $"""
        SELECT {Session.Columns} FROM sessions
         WHERE id > @after AND ended_at IS NULL AND idle_until > @now AND expires_at > @now
         ORDER BY id
         LIMIT @limit
        """,
        Session.Read, ("after", after), ("now", time.GetUtcNow()), ("limit", limit)));

    /// <summary>Ends one session.</summary>
    /// <param name="owner">Whose it has to be; <see langword="null"/> where the right to end it was shown by its own refresh token.</param>
    /// <returns>Whether there was something to end: a session that is alive, or one whose time is up while an access token of it still counts.</returns>
    public ValueTask<bool> End(Guid id, Guid? owner, string reason, string? address) => database.Write(async transaction =>
    {
        var session = await transaction.Find($"SELECT {Session.Columns} FROM sessions WHERE id = @id", Session.Read, ("id", id));
        var now = time.GetUtcNow();
        if (session is null || session.EndedAt is not null) return false;
        if (session.IsExpired(now) && session.AccessUntil <= now) return false;
        if (owner is not null && session.UserId != owner) return false;
        return await End(transaction, session, reason, now, address) is not null;
    });

    /// <summary>One of somebody else's, by an administrator; one that has ended already is no fault.</summary>
    public ValueTask<UserChange> End(Guid id, Guid owner, string reason, Actor actor) => database.Write(async transaction =>
    {
        if (await actor.Check(transaction, owner) is not UserChange.Done and var refused) return refused;
        var session = await transaction.Find($"SELECT {Session.Columns} FROM sessions WHERE id = @id AND user_id = @owner", Session.Read, ("id", id), ("owner", owner));
        if (session is null) return UserChange.NoSuchUser;
        await End(transaction, session, reason, time.GetUtcNow(), actor: actor.Id);
        return UserChange.Done;
    });

    /// <summary>Ends every session of a user.</summary>
    public ValueTask<int> EndAll(Guid user, string reason, string? address) =>
        database.Write(transaction => EndAll(transaction, user, reason, time.GetUtcNow(), address));

    /// <summary>Ends every session of a user but one.</summary>
    public ValueTask<int> EndOthers(Guid user, Guid spared, string reason, string? address) =>
        database.Write(transaction => EndAll(transaction, user, reason, time.GetUtcNow(), address, spared));

    /// <summary>Ends every session of a user, by an administrator.</summary>
    public ValueTask<(UserChange Change, int Count)> EndAll(Guid user, string reason, Actor actor) => database.Write(async transaction =>
    {
        var change = await actor.Check(transaction, user);
        return (change, change == UserChange.Done ? await EndAll(transaction, user, reason, time.GetUtcNow(), actor: actor.Id) : 0);
    });

    /// <summary>Ends every session of a user as a part of a larger change.</summary>
    /// <param name="spared">One that goes on.</param>
    public async ValueTask<int> EndAll(Transaction transaction, Guid user, string reason, DateTimeOffset now, string? address = null, Guid? spared = null, Guid? actor = null)
    {
        var alive = await transaction.List(
            $"SELECT {Session.Columns} FROM sessions WHERE user_id = @user AND id <> @spared AND ended_at IS NULL", Session.Read, ("user", user), ("spared", spared ?? Guid.Empty));
        foreach (var session in alive) await End(transaction, session, reason, now, address, actor);
        return alive.Count;
    }

    /// <summary>Ends every session of everybody as a part of a larger change, for one reason that is in the journal already.</summary>
    public static ValueTask<int> EndAllOfEverybody(Transaction transaction, long cause, DateTimeOffset now) =>
        transaction.Execute("UPDATE sessions SET ended_at = @now, ended_by = @cause WHERE ended_at IS NULL", ("now", now), ("cause", cause));

    /// <summary>
    /// Ends every session of everybody, and refuses every access token issued until then (ASVS 7.4.5). The view gets each session that may have a living
    /// token: a moment would not do, since tokens know whole seconds, and whoever signs in again within this one has to be let in.
    /// </summary>
    /// <returns>How many were ended.</returns>
    public ValueTask<int> EndAllOfEverybody(Guid actor) => database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        var count = await transaction.Find("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL", static row => row.Long(0));
        var alive = await transaction.List(
            "SELECT id, access_until FROM sessions WHERE ended_at IS NULL AND access_until > @oldest",
            static row => (Id: row.Id(0), Until: row.Time(1)), ("oldest", now - RevocationView.Slack));
        var cause = await journal.Add(transaction, new JournalEntry(JournalKind.SessionsEnded, now) { ActorId = actor, Detail = count.ToString(CultureInfo.InvariantCulture) });
        transaction.AfterCommit(() => alive.ForEach(session => view.EndSession(session.Id, session.Until, cause)));
        return await EndAllOfEverybody(transaction, cause, now);
    });

    /// <summary>Ends one session in the caller's transaction.</summary>
    /// <returns>The journal row that says so; <see langword="null"/> where somebody else ended it first.</returns>
    public async ValueTask<long?> End(Transaction transaction, Session session, string reason, DateTimeOffset now, string? address = null, Guid? actor = null)
    {
        var until = await transaction.Find(
            "UPDATE sessions SET ended_at = @now WHERE id = @id AND ended_at IS NULL RETURNING access_until",
            static row => row.TimeOrNull(0), ("now", now), ("id", session.Id));
        if (until is null) return null;
        var cause = await journal.Add(transaction, new JournalEntry(JournalKind.SessionEnded, now)
        {
            UserId = session.UserId,
            SessionId = session.Id,
            ActorId = actor,
            Address = address,
            Until = until,
            Detail = reason,
        });
        await transaction.Execute("UPDATE sessions SET ended_by = @cause WHERE id = @id", ("cause", cause), ("id", session.Id));
        return cause;
    }

    /// <summary>Never the new one: of sessions that began in the same millisecond, its id may sort as the oldest.</summary>
    private async ValueTask EndOldest(Transaction transaction, Grant started, DateTimeOffset now)
    {
        var surplus = await transaction.List(
            $"""
            SELECT {Session.Columns} FROM sessions
             WHERE user_id = @user AND id <> @started AND ended_at IS NULL AND idle_until > @now AND expires_at > @now
             ORDER BY created_at DESC, id DESC
             LIMIT 1000 OFFSET @others
            """,
            Session.Read, ("user", started.UserId), ("started", started.SessionId), ("now", now), ("others", settings.PerUser - 1));
        foreach (var session in surplus) await End(transaction, session, EndReason.TooMany, now);
    }
}

/// <summary>A sign-in whose password was right, and the hash that said so.</summary>
/// <param name="Rehashed">The same password hashed with today's parameters, where the stored hash is weaker.</param>
internal sealed record VerifiedSignIn(Guid UserId, string VerifiedHash, string? Rehashed, string ClientId, string Scope)
{
    public bool IsKnownDevice { get; init; }
}
