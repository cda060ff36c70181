using Avouch.ResourceServer;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Settings;

namespace Avouch.Server.Sessions;

/// <summary>
/// Keeps the revocation view of this process true: loads it before the first request, then follows the journal. An entry is there before the
/// request that caused it is answered.
/// </summary>
internal sealed class Revocations
{
    private readonly RevocationView view;
    private readonly Database database;
    private readonly SecurityJournal journal;

    public Revocations(RevocationView view, Database database, SecurityJournal journal)
    {
        (this.view, this.database, this.journal) = (view, database, journal);
        journal.Committed += Follow;
    }

    private long position;

    /// <summary>Number of the newest row of the journal that the view knows, of those that were written since the start.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>Whether <see cref="Load"/> has run: before that, nobody can say that a token counts.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Loads what living access tokens can still concern.</summary>
    public async Task Load(DateTimeOffset now)
    {
        var known = journal.Position;   // what is read now holds at least that
        var alive = now - RevocationView.Slack;
        var sessions = await database.Read(statements => statements.List(
            "SELECT id, access_until, ended_by FROM sessions WHERE ended_at IS NOT NULL AND access_until > @alive",
            static row => (Id: row.Id(0), Until: row.Time(1), Cause: row.LongOrNull(2)), ("alive", alive)));
        var users = await database.Read(statements => statements.List(
            "SELECT id, epoch, epoch_until, epoch_cause FROM users WHERE epoch_until > @alive",
            static row => (Id: row.Id(0), Epoch: row.Long(1), Until: row.Time(2), Cause: row.LongOrNull(3)), ("alive", alive)));
        var deletions = await database.Read(statements => SecurityJournal.ListDeletions(statements, alive - TokenSettings.LongestAccess));
        foreach (var deletion in deletions.Where(deletion => deletion.Until > alive)) Apply(deletion);
        if (await database.Read(Installation.FindFloor) is { } floor) view.RaiseFloor(floor.IssuedBefore, floor.Cause);
        foreach (var session in sessions) view.EndSession(session.Id, session.Until, session.Cause ?? 0);
        foreach (var user in users) view.RaiseEpoch(user.Id, user.Epoch, user.Until, user.Cause ?? 0);
        if (Position < known) Volatile.Write(ref position, known);
        IsLoaded = true;
    }

    private void Follow(JournalEntry entry)
    {
        Apply(entry);
        Volatile.Write(ref position, entry.Seq);
    }

    private void Apply(JournalEntry entry)
    {
        if (entry is { Kind: JournalKind.SessionEnded, SessionId: { } session, Until: { } until }) view.EndSession(session, until, entry.Seq);
        if (entry is { Kind: JournalKind.Restored, Until: not null }) view.RaiseFloor(entry.At, entry.Seq);
        if (entry is { UserId: { } user, Epoch: { } epoch, Until: { } last }) view.RaiseEpoch(user, epoch, last, entry.Seq);
    }
}
