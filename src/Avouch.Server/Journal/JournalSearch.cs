using Avouch.Server.Data;

namespace Avouch.Server.Journal;

/// <summary>Which rows of the journal somebody wants to see, the newest first.</summary>
/// <param name="Limit">At most so many.</param>
internal sealed record JournalQuery(int Limit)
{
    public Guid? UserId { get; init; }

    /// <summary>A kind, or a family of kinds: what stands before the dot.</summary>
    public string? Kind { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Not that moment itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only rows of lower numbers.</summary>
    public long? Before { get; init; }

    /// <summary>Only rows of higher numbers.</summary>
    public long? After { get; init; }

    /// <summary>Of all of them the oldest, still with the newest first: whoever follows from one page to the next misses none.</summary>
    public bool IsOldest { get; init; }
}

/// <summary>Finds rows of the journal among many. Every filter stands on an index, and a page costs what it holds.</summary>
internal sealed class JournalSearch(Database database)
{
    /// <summary>Clocks are set back now and then: a row may be older than one before it, by no more than this.</summary>
    private static readonly TimeSpan ClockSteps = TimeSpan.FromHours(1);

    /// <summary>The newest rows that the query lets through, the newest first.</summary>
    public ValueTask<List<JournalEntry>> List(JournalQuery query) => database.Read(async statements =>
    {
        var bounded = await Bound(statements, query);
        if (bounded is null) return [];
        if (query.Kind is null || query.UserId is not null) return await List(statements, bounded, KindsOf(query.Kind));
        var found = new List<JournalEntry>();   // each kind of a family from its own place in the index
        foreach (var kind in KindsOf(query.Kind)) found.AddRange(await List(statements, bounded, [kind]));
        return [.. (query.IsOldest ? found.OrderBy(row => row.Seq) : found.OrderByDescending(row => row.Seq)).Take(query.Limit).OrderByDescending(row => row.Seq)];
    });

    private static IReadOnlyList<string> KindsOf(string? kind) =>
        kind is null ? [] : [.. JournalKind.All.Where(known => known == kind || known.StartsWith(kind + ".", StringComparison.Ordinal))];

    /// <summary>Times as numbers of rows, so that no index but the chosen one is walked.</summary>
    /// <returns>Nothing where no row can be among them.</returns>
    private static async ValueTask<JournalQuery?> Bound(Statements statements, JournalQuery query)
    {
        var (after, before) = (query.After, query.Before);
        if (query.Since is { } since)
        {
            var first = await statements.Find("SELECT seq FROM journal WHERE at >= @since ORDER BY at LIMIT 1", static row => row.LongOrNull(0), ("since", since - ClockSteps));
            if (first is null) return null;
            after = Math.Max(after ?? 0, first.Value - 1);
        }
        if (query.Until is { } until)
        {
            var last = await statements.Find("SELECT seq FROM journal WHERE at < @until ORDER BY at DESC LIMIT 1", static row => row.LongOrNull(0), ("until", until + ClockSteps));
            if (last is null) return null;
            before = Math.Min(before ?? long.MaxValue, last.Value + 1);
        }
        return query with { After = after, Before = before };
    }

    private static async ValueTask<List<JournalEntry>> List(Statements statements, JournalQuery query, IReadOnlyList<string> kinds)
    {
        List<(string, SqlValue)> parameters = [("limit", query.Limit), ("after", query.After ?? 0), ("before", query.Before ?? long.MaxValue)];
        if (query.UserId is { } user) parameters.Add(("user", user));
        if (query.Since is { } since) parameters.Add(("since", since));
        if (query.Until is { } until) parameters.Add(("until", until));
        for (var i = 0; i < kinds.Count; i++) parameters.Add(($"kind{i}", kinds[i]));
        var rows = await statements.List(
            $"""
            SELECT {SecurityJournal.Columns}
              FROM journal
             WHERE {(query.UserId is null ? "TRUE" : "user_id = @user")}
               AND {KindFilter(query.Kind, kinds.Count)}
               AND seq > @after AND seq < @before
               AND {(query.Since is null ? "TRUE" : "at >= @since")}
               AND {(query.Until is null ? "TRUE" : "at < @until")}
             ORDER BY seq {(query.IsOldest ? "ASC" : "DESC")}
             LIMIT @limit
            """,
            SecurityJournal.Read, [.. parameters]);
        if (query.IsOldest) rows.Reverse();
        return rows;
    }

    private static string KindFilter(string? kind, int count) => (kind, count) switch
    {
        (null, _) => "TRUE",
        (_, 0) => "FALSE",
        (_, 1) => "kind = @kind0",
        _ => $"kind IN ({string.Join(", ", Enumerable.Range(0, count).Select(i => $"@kind{i}"))})",
    };
}
