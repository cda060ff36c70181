using Avouch.Server.Data;

namespace Avouch.Server.Journal;

/// <summary>Rows that somebody has to look at: a refresh token was used by two, or the database went back.</summary>
internal sealed class JournalAlarms(Database database)
{
    /// <summary>
    /// The condition of the index <c>journal_replays</c>, word for word: with a parameter no planner would see that it is the same. The kind is written so
    /// that it tempts none to look through all sessions that ended.
    /// </summary>
    internal const string IsReplay = $"detail = '{EndReason.Replay}' AND CASE WHEN kind = '{JournalKind.SessionEnded}' THEN TRUE ELSE FALSE END";

    internal static readonly string Replays = Newest(IsReplay);

    internal static readonly string WentBack = Newest($"kind = '{JournalKind.DatabaseWentBack}'");

    /// <summary>The newest since a moment, the newest first.</summary>
    public ValueTask<List<JournalEntry>> List(DateTimeOffset since, int limit) => database.Read(async statements =>
    {
        var found = await statements.List(Replays, SecurityJournal.Read, ("since", since), ("limit", limit));
        found.AddRange(await statements.List(WentBack, SecurityJournal.Read, ("since", since), ("limit", limit)));
        return found.OrderByDescending(row => row.At).ThenByDescending(row => row.Seq).Take(limit).ToList();
    });

    private static string Newest(string condition) => $"""
        SELECT {SecurityJournal.Columns}
          FROM journal
         WHERE {condition} AND at >= @since
         ORDER BY at DESC, seq DESC
         LIMIT @limit
        """;
}
