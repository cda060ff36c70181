using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Pages.Operations;

/// <summary>Figures of the journal: what is counted, and at which cost.</summary>
public sealed class JournalFiguresTests : ServerTests
{
    private JournalFigures Figures => Server.Get<JournalFigures>();

    [Fact]
    public async Task Each_hour_counts_its_own_rows_and_summed_failures_by_their_number()
    {
        await BusyWeek.Write(Server, 3, JournalKind.SignedIn);
        Pass(TimeSpan.FromHours(1));
        await BusyWeek.Write(Server, 2, JournalKind.SignInFailed);
        await BusyWeek.Write(Server, 2, JournalKind.SignInsFailed, "40 more");
        await BusyWeek.Write(Server, 1, JournalKind.SignInsFailed, "7 more");
        await BusyWeek.Write(Server, 1, JournalKind.UserLocked);
        await BusyWeek.Write(Server, 2, JournalKind.SessionEnded, EndReason.Replay);
        await BusyWeek.Write(Server, 5, JournalKind.SessionEnded, EndReason.SignedOut);
        await BusyWeek.Write(Server, 1, JournalKind.DatabaseWentBack);

        var hours = await Figures.Count(24);

        Assert.Equal(24, hours.Count);
        Assert.Equal((3, 0, 0, 0), (hours[^2].SignedIn, hours[^2].Refused, hours[^2].Locked, hours[^2].Replayed));
        Assert.Equal((0, 90, 1, 2), (hours[^1].SignedIn, hours[^1].Refused, hours[^1].Locked, hours[^1].Replayed));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero), hours[^1].Begin);
        Assert.All(hours.SkipLast(2), hour => Assert.Equal(0, hour.SignedIn + hour.Refused + hour.Replayed));
    }

    [Fact]
    public async Task A_reload_counts_nothing_and_some_seconds_later_the_hour_that_runs()
    {
        await Figures.Count(24);
        await BusyWeek.Write(Server, 1, JournalKind.SignedIn);

        Assert.Equal(0, (await Figures.Count(24))[^1].SignedIn);
        Pass(TimeSpan.FromSeconds(14));
        Assert.Equal(0, (await Figures.Count(24))[^1].SignedIn);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await Figures.Count(24))[^1].SignedIn);
        Assert.Equal(168, (await Figures.Count(168)).Count);
        Assert.Equal(24, (await Figures.Count(24)).Count);
    }

    [Fact]
    public async Task A_row_that_comes_late_into_an_hour_that_is_over_is_counted_and_settled_hours_are_not_read_again()
    {
        Pass(TimeSpan.FromMinutes(56));   // 4:00:05
        await Figures.Count(24);
        await Server.Database.Write(async transaction => await Server.Get<SecurityJournal>().Add(transaction, new JournalEntry(JournalKind.SignedIn, Server.Time.GetUtcNow().AddSeconds(-20))));
        Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(1, (await Figures.Count(24))[^2].SignedIn);

        await Server.Database.Write(transaction => transaction.Execute("DELETE FROM journal"));
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await Figures.Count(24))[^2].SignedIn);
    }

    [Fact]
    public async Task Every_count_stands_on_an_index()
    {
        var plan = await Plan(JournalFigures.Query.Replace("@first", "490000", StringComparison.Ordinal).Replace("@last", "490168", StringComparison.Ordinal).Replace("@since", "1", StringComparison.Ordinal).Replace("@until", "9", StringComparison.Ordinal));

        Assert.Contains("SEARCH journal USING COVERING INDEX journal_by_kind_and_time (kind=? AND at>? AND at<?)", plan);
        Assert.Contains("SEARCH journal USING INDEX journal_by_kind_and_time (kind=? AND at>? AND at<?)", plan);
        Assert.Contains("SEARCH journal USING INDEX journal_replays (at>? AND at<?)", plan);
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN journal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alarms_are_found_by_an_index_of_their_own()
    {
        Assert.Equal(["SEARCH journal USING INDEX journal_replays (at>?)"], await Plan(With(JournalAlarms.Replays)));
        Assert.Equal(["SEARCH journal USING INDEX journal_by_kind_and_time (kind=? AND at>?)"], await Plan(With(JournalAlarms.WentBack)));

        static string With(string query) => query.Replace("@since", "1", StringComparison.Ordinal).Replace("@limit", "5", StringComparison.Ordinal);
    }

    private ValueTask<List<string>> Plan(string query) => Server.Database.Read(statements => statements.List("EXPLAIN QUERY PLAN " + query, static row => row.Text(3)));
}
