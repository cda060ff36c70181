using System.Globalization;
using Avouch.Server.Data;

namespace Avouch.Server.Journal;

/// <summary>What the journal counts in one hour.</summary>
/// <param name="Begin">A full hour in UTC.</param>
internal sealed record JournalHour(DateTimeOffset Begin)
{
    public long SignedIn { get; init; }

    /// <summary>Refused sign-ins: rows of their own, those that were only summed, and those that locked an account.</summary>
    public long Refused { get; init; }

    public long Locked { get; init; }

    /// <summary>Sessions that ended because a refresh token was used by two.</summary>
    public long Replayed { get; init; }

    public long Registered { get; init; }

    public long ResetsRequested { get; init; }
}

/// <summary>
/// Counts rows of the journal by hour, for pictures. Each kind in each hour is one range of an index (decision 126). An hour that is over is counted
/// once; the one that runs is counted again after some seconds, and whoever reloads meanwhile gets what is there.
/// </summary>
internal sealed class JournalFigures(Database database, TimeProvider time) : IDisposable
{
    /// <summary>How far pictures go back.</summary>
    public const int MaxHours = 7 * 24;

    internal const long HourMilliseconds = 3_600_000;

    private const string Alarm = "alarm";

    /// <summary>How old what is shown may be.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(15);

    /// <summary>A row is written with the time at which its change began: an hour gets none any more when it has been over so long.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);

    private static readonly string[] Counted = [JournalKind.SignedIn, JournalKind.SignInFailed, JournalKind.UserLocked, JournalKind.UserRegistered, JournalKind.PasswordResetRequested];

    /// <summary>
    /// The hours are walked, and not grouped by a division of the time: a group would sort all rows, which costs ten times as much. What was summed
    /// says its number in words, and is read by its few different ones.
    /// </summary>
    internal static readonly string Query =
        $"""
        WITH RECURSIVE hours (hour) AS (SELECT @first UNION ALL SELECT hour + 1 FROM hours WHERE hour < @last),
             kinds (kind) AS (VALUES {string.Join(", ", Counted.Select(kind => $"('{kind}')"))})
        SELECT kinds.kind, hours.hour,
               (SELECT COUNT(*) FROM journal WHERE journal.kind = kinds.kind AND journal.at >= hours.hour * {HourMilliseconds} AND journal.at < (hours.hour + 1) * {HourMilliseconds}),
               NULL
          FROM kinds, hours
        UNION ALL
        SELECT kind, at / {HourMilliseconds}, COUNT(*), detail
          FROM journal
         WHERE kind = '{JournalKind.SignInsFailed}' AND at >= @since AND at < @until
         GROUP BY kind, at / {HourMilliseconds}, detail
        UNION ALL
        SELECT '{Alarm}', at / {HourMilliseconds}, COUNT(*), NULL
          FROM journal
         WHERE {JournalAlarms.IsReplay} AND at >= @since AND at < @until
         GROUP BY at / {HourMilliseconds}
        """;

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly SortedDictionary<long, JournalHour> known = [];
    private DateTimeOffset countedAt;

    /// <summary>The last hours, the oldest first; the last of them still runs.</summary>
    public async ValueTask<IReadOnlyList<JournalHour>> Count(int hours)
    {
        await turn.WaitAsync();
        try
        {
            var now = time.GetUtcNow();
            var (first, last) = (HourOf(now) - Math.Min(hours, MaxHours) + 1, HourOf(now));
            await CountMissing(first, last, now);
            return [.. known.Where(pair => pair.Key >= first && pair.Key <= last).Select(pair => pair.Value)];
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async ValueTask CountMissing(long first, long last, DateTimeOffset now)
    {
        var isFresh = countedAt <= now && now - countedAt < Fresh;
        var from = first;
        while (from <= last && known.ContainsKey(from) && (isFresh || IsSettled(from))) from++;
        if (from > last) return;
        foreach (var hour in await Read(from, last)) known[hour.Key] = hour.Value;
        foreach (var hour in known.Keys.Where(hour => hour <= last - MaxHours || hour > last).ToList()) known.Remove(hour);
        countedAt = now;

        bool IsSettled(long hour) => DateOf(hour + 1) + Settled <= countedAt;
    }

    private ValueTask<Dictionary<long, JournalHour>> Read(long first, long last) => database.Read(async statements =>
    {
        var hours = new Dictionary<long, JournalHour>();
        for (var hour = first; hour <= last; hour++) hours[hour] = new JournalHour(DateOf(hour));
        var counts = await statements.List(
            Query, static row => (Kind: row.Text(0), Hour: row.Long(1), Rows: row.Long(2), Detail: row.TextOrNull(3)),
            ("first", first), ("last", last), ("since", DateOf(first)), ("until", DateOf(last + 1)));
        foreach (var (kind, hour, rows, detail) in counts) hours[hour] = With(hours[hour], kind, rows, detail);
        return hours;
    });

    private static JournalHour With(JournalHour hour, string kind, long rows, string? detail) => kind switch
    {
        JournalKind.SignedIn => hour with { SignedIn = hour.SignedIn + rows },
        JournalKind.SignInFailed => hour with { Refused = hour.Refused + rows },
        JournalKind.SignInsFailed => hour with { Refused = hour.Refused + rows * NumberIn(detail) },
        JournalKind.UserLocked => hour with { Locked = hour.Locked + rows, Refused = hour.Refused + rows },
        JournalKind.UserRegistered => hour with { Registered = hour.Registered + rows },
        JournalKind.PasswordResetRequested => hour with { ResetsRequested = hour.ResetsRequested + rows },
        _ => hour with { Replayed = hour.Replayed + rows },
    };

    /// <summary>As <c>FailedSignIns</c> writes it: <c>12 more</c>.</summary>
    internal static long NumberIn(string? detail) => long.TryParse(detail?.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static long HourOf(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerHour;

    private static DateTimeOffset DateOf(long hour) => DateTimeOffset.UnixEpoch.AddHours(hour);
}
