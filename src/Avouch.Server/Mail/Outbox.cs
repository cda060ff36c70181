using System.Text.Json;
using Avouch.Server.Data;
using Avouch.Server.Journal;
using Avouch.Server.Keys;

namespace Avouch.Server.Mail;

/// <summary>
/// Mail that waits to be sent: the table <c>mail_outbox</c>. A letter is added in the transaction of its cause, so that none is sent of what did not
/// commit, and none is lost of what did. Who sends them: <see cref="OutboxQueue"/>.
/// </summary>
internal sealed class Outbox(Database database, MasterKeys keys, SecurityJournal journal, TimeProvider time)
{
    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    /// <summary>Called after the commit of each new letter: whoever sends need not wait for the next look.</summary>
    public event Action? Added;

    public async ValueTask Add(Transaction transaction, Letter letter)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await transaction.Execute(
            """
            INSERT INTO mail_outbox (id, user_id, template, letter, created_at, due_at, attempts)
            VALUES (@id, @user, @template, @letter, @now, @now, 0)
            """,
            ("id", id), ("user", letter.UserId), ("template", letter.Template), ("letter", Seal(id, letter)), ("now", now));
        transaction.AfterCommit(() => Added?.Invoke());
    }

    /// <summary>Letters in one state, the oldest first, a page at a time.</summary>
    /// <param name="after">The last one of the page before; <see cref="Guid.Empty"/> for the first.</param>
    public async ValueTask<List<OutboxLetter>> List(LetterState state, Guid after, int limit) => await database.Read(statements => statements.List(
        $"SELECT {OutboxLetter.Columns} FROM mail_outbox WHERE {Where(state)} AND id > @after ORDER BY id LIMIT @limit",
        row => OutboxLetter.Read(row, Open), ("after", after), ("limit", limit)));

    /// <summary>Letters in one state, the newest first, a page at a time.</summary>
    /// <param name="before">The last one of the page before; <see cref="Guid.AllBitsSet"/> for the first.</param>
    public async ValueTask<List<OutboxLetter>> ListNewest(LetterState state, Guid before, int limit) => await database.Read(statements => statements.List(
        $"SELECT {OutboxLetter.Columns} FROM mail_outbox WHERE {Where(state)} AND id < @before ORDER BY id DESC LIMIT @limit",
        row => OutboxLetter.Read(row, Open), ("before", before), ("limit", limit)));

    /// <summary>What somebody's mail is about that was not sent yet, or given up, the newest first.</summary>
    public ValueTask<List<MailFact>> ListUnsent(Guid user, int limit) => database.Read(statements => UserMail.ListUnsent(statements, user, limit));

    public async ValueTask<OutboxLetter?> Find(Guid id) => await database.Read(statements => statements.Find(
        $"SELECT {OutboxLetter.Columns} FROM mail_outbox WHERE id = @id", row => OutboxLetter.Read(row, Open), ("id", id)));

    /// <summary>Sends a dead letter once more, as if it were new. The journal notes who wanted it.</summary>
    /// <returns>False where no dead letter has this id, or its content is gone.</returns>
    public async ValueTask<bool> Retry(Guid id, Guid? actor = null) => await database.Write(async transaction =>
    {
        var now = time.GetUtcNow();
        var revived = await transaction.Find(
            """
            UPDATE mail_outbox SET dead_at = NULL, due_at = @now, attempts = 0 WHERE id = @id AND dead_at IS NOT NULL AND letter IS NOT NULL
            RETURNING user_id, template
            """,
            static row => new { UserId = row.IdOrNull(0), Template = row.Text(1) }, ("id", id), ("now", now));
        if (revived is null) return false;
        await journal.Add(transaction, new JournalEntry(JournalKind.MailRetried, now) { UserId = revived.UserId, ActorId = actor, Detail = revived.Template });
        transaction.AfterCommit(() => Added?.Invoke());
        return true;
    });

    /// <summary>Sends all once more that are dead now. What dies again while we go through them does not come round.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RetryAll(Guid? actor, CancellationToken stop)
    {
        var retried = 0;
        foreach (var id in await ListDead())
        {
            stop.ThrowIfCancellationRequested();
            if (await Retry(id, actor)) retried++;
        }
        return retried;
    }

    private ValueTask<List<Guid>> ListDead() => database.Read(statements => statements.List(
        $"SELECT id FROM mail_outbox WHERE {Where(LetterState.Dead)} ORDER BY id", static row => row.Id(0)));

    /// <summary>How many wait and how many were given up, for health and metrics. What was sent is only counted by <see cref="MailTotals"/>.</summary>
    public async ValueTask<OutboxState> Measure() => await database.Read(statements => statements.Find(
        """
        SELECT (SELECT COUNT(*) FROM mail_outbox WHERE sent_at IS NULL AND dead_at IS NULL),
               (SELECT COUNT(*) FROM mail_outbox WHERE dead_at IS NOT NULL),
               (SELECT MIN(created_at) FROM mail_outbox WHERE sent_at IS NULL AND dead_at IS NULL),
               (SELECT COUNT(*) FROM mail_outbox WHERE dead_at IS NOT NULL AND dead_at > @lately AND fault LIKE @given_up)
        """,
        static row => new OutboxState(row.Long(0), row.Long(1), row.TimeOrNull(2)) { GivenUpLately = row.Long(3) },
        ("lately", time.GetUtcNow() - Lately), ("given_up", OutboxQueue.GivenUp + " %"))) ?? new OutboxState(0, 0, null);

    /// <summary>Seals letters anew that still lie under another master key, some at a time.</summary>
    /// <param name="after">The last id of the batch before; <see cref="Guid.Empty"/> for the first.</param>
    /// <returns>How many were sealed, and where to go on; nothing after the last.</returns>
    public async ValueTask<(int Resealed, Guid? Next)> Reseal(Guid after, int batch) => await database.Write(async transaction =>
    {
        var rows = await transaction.List(
            "SELECT id, letter FROM mail_outbox WHERE sent_at IS NULL AND id > @after ORDER BY id LIMIT @batch",
            static row => (Id: row.Id(0), Letter: row.BytesOrNull(1)), ("after", after), ("batch", batch));
        var resealed = 0;
        foreach (var row in rows.Where(row => row.Letter is not null))
        {
            if (keys.Current.TryOpen(row.Letter, NameOf(row.Id), out _) || !keys.TryOpen(row.Letter!, NameOf(row.Id), out var content)) continue;
            resealed += await transaction.Execute("UPDATE mail_outbox SET letter = @letter WHERE id = @id", ("id", row.Id), ("letter", keys.Current.Seal(content, NameOf(row.Id))));
        }
        return (resealed, rows.Count < batch ? (Guid?)null : rows[^1].Id);
    });

    /// <summary>
    /// Nobody knows which letters of a backup were sent after it was made, and what their links opened has ended with the restore. None is sent by
    /// itself: an administrator may.
    /// </summary>
    public static ValueTask<int> StopAll(Transaction transaction, DateTimeOffset now) => transaction.Execute(
        """
        UPDATE mail_outbox SET dead_at = @now, claimed_at = NULL, fault = 'The database comes from a backup: nobody knows whether this was sent since.'
         WHERE sent_at IS NULL AND dead_at IS NULL
        """,
        ("now", now));

    /// <returns>Nothing where it lies under a key that we do not have.</returns>
    internal Letter? Open(Guid id, byte[]? letter) =>
        letter is not null && keys.TryOpen(letter, NameOf(id), out var content) ? JsonSerializer.Deserialize(content, LetterJson.Default.Letter) : null;

    /// <summary>Takes back what was added for nobody, in the same transaction: an address that no account has costs as much as any other.</summary>
    public static ValueTask<int> TakeBack(Transaction transaction, Guid nobody) =>
        transaction.Execute("DELETE FROM mail_outbox WHERE user_id = @nobody", ("nobody", nobody));

    private byte[] Seal(Guid id, Letter letter) => keys.Current.Seal(JsonSerializer.SerializeToUtf8Bytes(letter, LetterJson.Default.Letter), NameOf(id));

    private static string Where(LetterState state) => state switch
    {
        LetterState.Pending => "sent_at IS NULL AND dead_at IS NULL",
        LetterState.Dead => "sent_at IS NULL AND dead_at IS NOT NULL",
        _ => "sent_at IS NOT NULL",
    };

    /// <summary>Bound to its row: a letter cannot be moved to another.</summary>
    private static string NameOf(Guid id) => $"mail/{id:D}";
}
