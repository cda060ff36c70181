using Avouch.Server.Data;
using Avouch.Server.Journal;

namespace Avouch.Server.Sessions;

/// <summary>
/// How many sessions are alive, for a figure that is asked for every few seconds. Counting millions of rows takes seconds, so that is done once an hour,
/// by a reader; in between the journal tells what began and ended. Only those that run out without a word are noticed at the next count.
/// </summary>
internal sealed class SessionCount
{
    /// <summary>The change that leaves none.</summary>
    private const int AllEnded = int.MinValue;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly Database database;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly List<(long Seq, int Change)> changes = [];
    private DateTimeOffset nextCount;
    private bool isCounting;
    private long? active;

    public SessionCount(Database database, SecurityJournal journal, TimeProvider time)
    {
        (this.database, this.time) = (database, time);
        journal.Committed += Follow;
    }

    /// <summary><see langword="null"/> until they have been counted.</summary>
    public long? Active
    {
        get { lock (gate) return active; }
    }

    /// <summary>Counts, if that is an hour ago.</summary>
    public async Task Run()
    {
        if (time.GetUtcNow() < nextCount) return;
        lock (gate) isCounting = true;
        var (counted, seq) = await Count();
        lock (gate)
        {
            active = changes.Where(change => change.Seq > seq).Aggregate(counted, static (count, change) => Apply(count, change.Change));
            changes.Clear();
            isCounting = false;
        }
        nextCount = time.GetUtcNow() + Interval;
    }

    /// <summary>Both of one snapshot: so a change is either in the count or after it.</summary>
    private ValueTask<(long Count, long Seq)> Count() => database.Read(async statements =>
    {
        var count = await statements.Find(
            "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL AND idle_until > @now AND expires_at > @now",
            static row => row.Long(0), ("now", time.GetUtcNow()));
        return (count, (await SecurityJournal.FindLast(statements))?.Seq ?? 0);
    });

    private static long Apply(long count, int change) => change == AllEnded ? 0 : Math.Max(0, count + change);

    private void Follow(JournalEntry entry)
    {
        var change = entry.Kind switch { JournalKind.SignedIn => 1, JournalKind.SessionEnded => -1, JournalKind.SessionsEnded => AllEnded, _ => 0 };
        if (change == 0) return;
        lock (gate)
        {
            if (isCounting) changes.Add((entry.Seq, change));
            else if (active is not null) active = Apply(active.Value, change);
        }
    }
}
