using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Backups;

/// <summary>
/// What has to be true of a database that comes from a backup. It has forgotten what was taken back since: sessions that ended are alive in it,
/// generations and epochs have gone back. So everything that was handed out before stops to count, in the transaction that notes the restore.
/// </summary>
internal static class RestoredState
{
    /// <param name="seen">The last journal number of the database that was there before, as far as it can be read.</param>
    public static ValueTask<RestoredDatabase> Write(Database database, bool keepSessions, long seen, DateTimeOffset now) => database.Write(async transaction =>
    {
        var journal = new SecurityJournal();
        var last = await SecurityJournal.FindLast(transaction);
        var entry = Entry(keepSessions, last, seen, now);
        await journal.AddAt(transaction, entry);
        await AccountProofs.EndAllOfEverybody(transaction);
        if (await Outbox.StopAll(transaction, now) is > 0 and var stopped) await journal.Add(transaction, new JournalEntry(JournalKind.MailDead, now) { Detail = $"{stopped} of the backup" });
        int? ended = keepSessions ? null : await TakeBack(transaction, journal, entry, now);
        var users = await transaction.Find("SELECT COUNT(*) FROM users", static row => row.Long(0));
        return new RestoredDatabase(users, last?.At, ended, keepSessions ? null : entry.At, KeptAside: null);
    });

    private static async ValueTask<int> TakeBack(Transaction transaction, SecurityJournal journal, JournalEntry entry, DateTimeOffset now)
    {
        await Installation.RaiseFloor(transaction, new TokenFloor(entry.At, entry.Seq));
        await SigningKeys.WithdrawAll(transaction, journal, now);
        return await UserSessions.EndAllOfEverybody(transaction, entry.Seq, now);
    }

    /// <summary>
    /// Tokens say in whole seconds when they were issued, so the row is dated with the next one: everything that was issued up to now lies before it.
    /// </summary>
    private static JournalEntry Entry(bool keepSessions, JournalEntry? last, long seen, DateTimeOffset now)
    {
        var next = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 1);
        return new JournalEntry(JournalKind.Restored, next)
        {
            Seq = Math.Max(Math.Max(seen, last?.Seq ?? 0) + 1, NumberOf(next)),
            Until = keepSessions ? null : next + TokenSettings.LongestAccess,
            Detail = $"backup up to {last?.Seq ?? 0}, sessions {(keepSessions ? "kept" : "ended")}",
        };
    }

    /// <summary>
    /// Microseconds since 1970: above every number that the lost database can have given, since it never gave a million a second, and below 2^53,
    /// which JavaScript can hold, until the year 2255.
    /// </summary>
    private static long NumberOf(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds() * 1000;
}
