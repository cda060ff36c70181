using Avouch.Server.Data;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Sessions;

/// <summary>A person at our own pages, as they are at this moment: what a role or a status was when they signed in does not count.</summary>
internal sealed record PageVisitor(Session Session, User User);

/// <summary>
/// Sessions as our own pages use them: the same rows as those of every sign-in, without a refresh token. The row is read at each use, so a session that
/// has ended, a user who is disabled and a role that was taken away count at once.
/// </summary>
internal sealed class PageSessions(Database database, SessionSettings settings, TimeProvider time)
{
    /// <summary>How old the stored time of the last use may become. A page more or less writes nothing.</summary>
    private static readonly TimeSpan Touch = TimeSpan.FromMinutes(1);

    /// <summary>The session with its user, if it is alive and the user is active.</summary>
    public async ValueTask<PageVisitor?> Find(Guid id, Device device)
    {
        var now = time.GetUtcNow();
        var visitor = await database.Read(async statements =>
        {
            var session = await statements.Find(
                $"SELECT {Session.Columns} FROM sessions WHERE id = @id AND ended_at IS NULL AND idle_until > @now AND expires_at > @now", Session.Read, ("id", id), ("now", now));
            if (session is null) return null;
            var user = await statements.Find($"SELECT {User.Columns} FROM users WHERE id = @id AND is_active", User.Read, ("id", session.UserId));
            return user is null ? null : new PageVisitor(session, user);
        });
        if (visitor is not null && now - visitor.Session.RotatedAt >= Touch) await Use(visitor.Session, device, now);
        return visitor;
    }

    /// <summary>The person has shown their password again.</summary>
    public async ValueTask Confirm(Guid id)
    {
        var now = time.GetUtcNow();
        await database.Write(transaction => transaction.Execute("UPDATE sessions SET confirmed_at = @now WHERE id = @id AND ended_at IS NULL", ("now", now), ("id", id)));
    }

    /// <summary>Of pages that are opened at the same moment, one writes.</summary>
    private async ValueTask Use(Session session, Device device, DateTimeOffset now) => await database.Write(transaction => transaction.Execute(
        """
        UPDATE sessions SET rotated_at = @now, idle_until = @idle_until, address = @address, agent = @agent
         WHERE id = @id AND ended_at IS NULL AND idle_until > @now AND expires_at > @now AND rotated_at <= @before
        """,
        ("now", now), ("idle_until", now + settings.IdleLimit), ("address", device.Address), ("agent", device.Agent), ("id", session.Id), ("before", now - Touch)));
}
