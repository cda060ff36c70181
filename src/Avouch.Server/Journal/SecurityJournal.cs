using Avouch.Server.Data;

namespace Avouch.Server.Journal;

/// <summary>
/// The journal: a row for every change that matters to security, written in the transaction of the change. Whoever must know of changes (the
/// revocation view, the cache of users) reads it and nothing else, so nothing is announced that did not commit.
/// </summary>
internal sealed class SecurityJournal
{
    internal const string Columns = "seq, at, kind, user_id, session_id, actor_id, address, epoch, until, detail";

    /// <summary>Called for each row after its commit and before the request that caused it is answered, in the order of the commits.</summary>
    public event Action<JournalEntry>? Committed;

    private long position;

    /// <summary>Number of the newest row that was committed here since the start; 0 before the first.</summary>
    public long Position => Volatile.Read(ref position);

    /// <summary>Writes a row in the caller's transaction.</summary>
    /// <returns>Its sequence number: what a refusal that it causes later points to.</returns>
    public async ValueTask<long> Add(Transaction transaction, JournalEntry entry)
    {
        var seq = await transaction.Find(
            """
            INSERT INTO journal (at, kind, user_id, session_id, actor_id, address, epoch, until, detail)
            VALUES (@at, @kind, @user, @session, @actor, @address, @epoch, @until, @detail)
            RETURNING seq
            """,
            static row => row.Long(0),
            ("at", entry.At), ("kind", entry.Kind), ("user", entry.UserId), ("session", entry.SessionId), ("actor", entry.ActorId),
            ("address", entry.Address), ("epoch", entry.Epoch), ("until", entry.Until), ("detail", entry.Detail));
        transaction.AfterCommit(() => Announce(entry with { Seq = seq }));
        return seq;
    }

    /// <summary>
    /// Writes a row under a number that lies ahead; the numbers go on from there. After a restore the numbers between were given before, and whoever
    /// reads the journal has seen them stand for something else.
    /// </summary>
    public ValueTask<int> AddAt(Transaction transaction, JournalEntry entry)
    {
        transaction.AfterCommit(() => Announce(entry));
        return transaction.Execute(
            "INSERT INTO journal (seq, at, kind, until, detail) VALUES (@seq, @at, @kind, @until, @detail)",
            ("seq", entry.Seq), ("at", entry.At), ("kind", entry.Kind), ("until", entry.Until), ("detail", entry.Detail));
    }

    /// <summary>The number of the newest row, and when it was written; nothing in an empty journal.</summary>
    public static ValueTask<JournalEntry?> FindLast(Statements statements) =>
        statements.Find($"SELECT {Columns} FROM journal ORDER BY seq DESC LIMIT 1", Read);

    /// <summary>Writes a row unless the session has the same one already: a client that repeats itself does not fill the journal.</summary>
    public async ValueTask<long> AddOnce(Transaction transaction, JournalEntry entry) =>
        await transaction.Find(
            """
            SELECT seq FROM journal
             WHERE user_id = @user AND session_id = @session AND kind = @kind AND detail = @detail AND COALESCE(address, '') = @address
             LIMIT 1
            """,
            static row => row.LongOrNull(0),
            ("user", entry.UserId), ("session", entry.SessionId), ("kind", entry.Kind), ("detail", entry.Detail), ("address", entry.Address ?? ""))
        ?? await Add(transaction, entry);

    /// <summary>Rows after a sequence number, the oldest first.</summary>
    public static ValueTask<List<JournalEntry>> List(Statements statements, long after, int limit) =>
        statements.List(
            $"""
            SELECT {Columns}
              FROM journal
             WHERE seq > @after
             ORDER BY seq
             LIMIT @limit
            """,
            Read, ("after", after), ("limit", limit));

    /// <summary>The newest rows that a filter lets through, the oldest of them first.</summary>
    public static async ValueTask<List<JournalEntry>> ListNewest(Statements statements, JournalFilter filter, int limit)
    {
        List<(string, SqlValue)> parameters = [("limit", limit)];
        if (filter.UserId is { } user) parameters.Add(("user", user));
        if (filter.Kind is { } kind) parameters.AddRange([("kind", kind), ("family", kind + ".%")]);
        if (filter.Since is { } since) parameters.Add(("since", since));
        var newest = await statements.List(
            $"""
            SELECT {Columns}
              FROM journal
             WHERE {(filter.UserId is null ? "TRUE" : "user_id = @user")}
               AND {(filter.Kind is null ? "TRUE" : "(kind = @kind OR kind LIKE @family)")}
               AND {(filter.Since is null ? "TRUE" : "at >= @since")}
             ORDER BY seq DESC
             LIMIT @limit
            """,
            Read, [.. parameters]);
        newest.Reverse();
        return newest;
    }

    /// <summary>When the latest row was written, by the clock of then; <see langword="null"/> where there is none.</summary>
    public static ValueTask<DateTimeOffset?> FindLatestTime(Statements statements) =>
        statements.Find("SELECT MAX(at) FROM journal", static row => row.TimeOrNull(0));

    /// <summary>What took tokens of deleted accounts back since a moment: their rows are gone, so nothing else remembers it.</summary>
    public static ValueTask<List<JournalEntry>> ListDeletions(Statements statements, DateTimeOffset since) => statements.List(
        $"""
        SELECT {Columns}
          FROM journal
         WHERE at >= @since AND (kind = @deleted OR (kind = @ended AND detail = @reason))
         ORDER BY seq
        """,
        Read, ("since", since), ("deleted", JournalKind.UserDeleted), ("ended", JournalKind.SessionEnded), ("reason", EndReason.UserDeleted));

    private void Announce(JournalEntry entry)
    {
        Volatile.Write(ref position, entry.Seq);
        Committed?.Invoke(entry);
    }

    internal static JournalEntry Read(Row row) => new(row.Text(2), row.Time(1))
    {
        Seq = row.Long(0),
        UserId = row.IdOrNull(3),
        SessionId = row.IdOrNull(4),
        ActorId = row.IdOrNull(5),
        Address = row.TextOrNull(6),
        Epoch = row.LongOrNull(7),
        Until = row.TimeOrNull(8),
        Detail = row.TextOrNull(9),
    };
}
