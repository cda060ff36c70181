using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Users;

namespace Avouch.Server.Sessions;

/// <summary>
/// Journals failed sign-ins without letting anybody fill the disk: the first few of each account and address get a row each, the rest of a minute
/// is counted and written as one row. A name that nobody has is treated as one that somebody has.
/// </summary>
internal sealed class FailedSignIns(Database database, SecurityJournal journal, AccountLocks locks, TimeProvider time)
{
    internal const int RowsEach = 5;

    /// <summary>How many pairs of account and address are told apart in one minute; beyond that, everything is counted together.</summary>
    internal const int MaxPairs = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Dictionary<(string Name, string Address), int> pairs = [];
    private DateTimeOffset windowEnds;
    private int unwritten;

    /// <summary>Notes one failure.</summary>
    /// <param name="nameKey">What was typed, as a key. It tells accounts apart here and is not written: people type passwords into the wrong field.</param>
    /// <param name="isKnownDevice">Then it does not count towards a lock.</param>
    /// <remarks>The row of a lock takes the place of the failure's: with two rows, the numbers that clients see would tell which accounts there are.</remarks>
    /// <returns>The journal row, where this one got a row.</returns>
    public async ValueTask<long?> Add(string nameKey, Guid? user, string? address, bool isKnownDevice = false)
    {
        var now = time.GetUtcNow();
        var (isWritten, summed) = Count(nameKey, address ?? "", now);
        var counts = locks.AreOn && !isKnownDevice;
        if (!isWritten && summed == 0 && !counts) return null;
        return await database.Write<long?>(async transaction =>
        {
            if (summed > 0) await journal.Add(transaction, new JournalEntry(JournalKind.SignInsFailed, now) { Detail = $"{summed} more" });
            var lockRow = counts ? await locks.Count(transaction, user, address) : null;
            if (!isWritten) return null;
            return lockRow ?? await journal.Add(transaction, new JournalEntry(JournalKind.SignInFailed, now) { UserId = user, Address = address });
        });
    }

    /// <summary>Writes what was counted and not written yet: at the end of each minute, and when the server stops.</summary>
    public async ValueTask Flush()
    {
        var now = time.GetUtcNow();
        int summed;
        lock (gate)
        {
            (summed, unwritten) = (unwritten, 0);
        }
        if (summed > 0) await database.Write(transaction => journal.Add(transaction, new JournalEntry(JournalKind.SignInsFailed, now) { Detail = $"{summed} more" }));
    }

    private (bool IsWritten, int Summed) Count(string name, string address, DateTimeOffset now)
    {
        lock (gate)
        {
            var summed = 0;
            if (now >= windowEnds)
            {
                (pairs, windowEnds) = ([], now + Window);
                (summed, unwritten) = (unwritten, 0);
            }
            var pair = (name, address);
            var isKnown = pairs.TryGetValue(pair, out var count);
            var isWritten = count < RowsEach && (isKnown || pairs.Count < MaxPairs);
            if (isWritten) pairs[pair] = count + 1;
            else unwritten++;
            return (isWritten, summed);
        }
    }
}
