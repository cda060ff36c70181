using Avouch.Server.Data;

namespace Avouch.Server.Journal;

/// <summary>Rows that somebody has to look at: a refresh token was used by two, or the database went back. They have an index of their own.</summary>
internal sealed class JournalAlarms(Database database)
{
    /// <summary>Word for word the condition of the index <c>journal_alarms</c>: with parameters no planner would see that it is the same.</summary>
    internal const string Condition = $"(kind = '{JournalKind.DatabaseWentBack}' OR (kind = '{JournalKind.SessionEnded}' AND detail = '{EndReason.Replay}'))";

    internal const string Newest = $"""
        SELECT {SecurityJournal.Columns}
          FROM journal
         WHERE {Condition} AND at >= @since
         ORDER BY at DESC, seq DESC
         LIMIT @limit
        """;

    /// <summary>The newest since a moment, the newest first.</summary>
    public ValueTask<List<JournalEntry>> List(DateTimeOffset since, int limit) =>
        database.Read(statements => statements.List(Newest, SecurityJournal.Read, ("since", since), ("limit", limit)));
}
