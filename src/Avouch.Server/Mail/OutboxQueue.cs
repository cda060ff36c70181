using Avouch.Server.Data;
using Avouch.Server.Journal;

namespace Avouch.Server.Mail;

/// <summary>A letter that is ours to send until <see cref="OutboxQueue.Lease"/> is over.</summary>
/// <param name="Letter">Nothing where it cannot be opened.</param>
/// <param name="Attempt">This try, counted from 1; also what tells our claim from a later one.</param>
internal sealed record ClaimedLetter(Guid Id, Guid? UserId, string Template, Letter? Letter, DateTimeOffset CreatedAt, long Attempt);

/// <summary>
/// The outbox as whoever sends sees it. A claim pushes <c>due_at</c> ahead, so that other nodes leave the letter alone; one whose owner died becomes due
/// again by itself.
/// </summary>
internal sealed class OutboxQueue(Outbox outbox, Database database, SecurityJournal journal, TimeProvider time)
{
    /// <summary>Longer than any conversation may last: <see cref="Postman"/> ends them before.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(20);

    /// <summary>Begins the fault of what died of too many tries; a refusal for good is told in the server's own words.</summary>
    public const string GivenUp = "Given up after";

    /// <summary>
    /// What a process that died was sending is due at once. Only where nobody else can be sending: on SQLite, where one process owns the database.
    /// A server may have accepted it already; then it comes twice, with the same Message-ID.
    /// </summary>
    public ValueTask<int> Reclaim() => database.Write(transaction => transaction.Execute(
        "UPDATE mail_outbox SET claimed_at = NULL, due_at = @now WHERE claimed_at IS NOT NULL AND sent_at IS NULL AND dead_at IS NULL", ("now", time.GetUtcNow())));

    /// <summary>When the next letter is due; nothing where none waits.</summary>
    public async ValueTask<DateTimeOffset?> FindNextDue() => await database.Read(statements => statements.Find(
        "SELECT due_at FROM mail_outbox WHERE sent_at IS NULL AND dead_at IS NULL ORDER BY due_at LIMIT 1", static row => row.TimeOrNull(0)));

    /// <summary>Claims the letter that has been due the longest. Of two nodes that choose the same one, the second finds it not due any more.</summary>
    public async ValueTask<ClaimedLetter?> Claim()
    {
        var now = time.GetUtcNow();
        return await database.Write(transaction => transaction.Find(
            """
            UPDATE mail_outbox SET due_at = @until, claimed_at = @now, attempts = attempts + 1
             WHERE id = (SELECT id FROM mail_outbox WHERE sent_at IS NULL AND dead_at IS NULL AND due_at <= @now ORDER BY due_at LIMIT 1)
               AND sent_at IS NULL AND dead_at IS NULL AND due_at <= @now
            RETURNING id, user_id, template, letter, created_at, attempts
            """,
            row => new ClaimedLetter(row.Id(0), row.IdOrNull(1), row.Text(2), outbox.Open(row.Id(0), row.BytesOrNull(3)), row.Time(4), row.Long(5)),
            ("now", now), ("until", now + Lease)));
    }

    /// <summary>A server has accepted it: only the fact stays, whoever else may have claimed it meanwhile.</summary>
    public ValueTask<int> MarkSent(ClaimedLetter letter) => Finish(letter, null);

    /// <summary>It is a file now, and no server has it. The row says so where else a fault would stand.</summary>
    public ValueTask<int> MarkWritten(ClaimedLetter letter) => Finish(letter, OutboxLetter.WrittenToFile);

    private ValueTask<int> Finish(ClaimedLetter letter, string? fault) => database.Write(transaction => transaction.Execute(
        "UPDATE mail_outbox SET sent_at = @now, letter = NULL, claimed_at = NULL, dead_at = NULL, fault = @fault WHERE id = @id AND sent_at IS NULL",
        ("id", letter.Id), ("now", time.GetUtcNow()), ("fault", fault)));

    public ValueTask<int> Postpone(ClaimedLetter letter, DateTimeOffset due, string fault) => database.Write(transaction => transaction.Execute(
        $"UPDATE mail_outbox SET due_at = @due, claimed_at = NULL, fault = @fault WHERE {IsOurs}",
        ("id", letter.Id), ("attempt", letter.Attempt), ("due", due), ("fault", fault)));

    /// <summary>We stop before it was tried: as if it had not been claimed.</summary>
    public ValueTask<int> Release(ClaimedLetter letter) => database.Write(transaction => transaction.Execute(
        $"UPDATE mail_outbox SET due_at = @now, claimed_at = NULL, attempts = attempts - 1 WHERE {IsOurs}",
        ("id", letter.Id), ("attempt", letter.Attempt), ("now", time.GetUtcNow())));

    /// <summary>Given up, with its content: an administrator can send it once more. The journal notes it.</summary>
    public ValueTask Bury(ClaimedLetter letter, string fault) => database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        var changed = await transaction.Execute(
            $"UPDATE mail_outbox SET dead_at = @now, claimed_at = NULL, fault = @fault WHERE {IsOurs}",
            ("id", letter.Id), ("attempt", letter.Attempt), ("now", now), ("fault", fault));
        if (changed > 0) await journal.Add(transaction, new JournalEntry(JournalKind.MailDead, now) { UserId = letter.UserId, Detail = letter.Template });
    });

    private const string IsOurs = "id = @id AND attempts = @attempt AND sent_at IS NULL AND dead_at IS NULL";
}
