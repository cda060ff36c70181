using Avouch.Server.Http;
using Avouch.Server.Metrics;
using Avouch.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace Avouch.Server.Tests.Metrics;

/// <summary>What each request pays for being measured.</summary>
public sealed class RouteTimerTests
{
    private const int Requests = 10_000;

    private readonly ManualTime time = new();

    [Fact]
    public async Task An_answer_that_is_there_at_once_is_measured_without_an_allocation()
    {
        using var meter = new ServerMeter();
        using var store = new MetricStore(meter);
        var timer = new RouteTimer("GET", "/hot", static _ => Task.CompletedTask, meter, time);
        var http = new DefaultHttpContext();
        await timer.Run(http);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < Requests; i++) _ = timer.Run(http);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, Requests - 1);   // less than a byte each: the runtime compiles the loop anew meanwhile
        Assert.Equal(Requests, Exposition.Parse(store.Write()).Value("avouch_http_request_duration_seconds_count{route=\"/hot\",method=\"GET\",status=\"2xx\"}"));
    }

    [Fact]
    public async Task The_time_until_the_end_of_the_answer_counts()
    {
        using var meter = new ServerMeter();
        using var store = new MetricStore(meter);
        var answer = new TaskCompletionSource();
        var work = new RouteTimer("GET", "/slow", _ => answer.Task, meter, time).Run(new DefaultHttpContext { Response = { StatusCode = 404 } });
        time.Advance(TimeSpan.FromMilliseconds(250));
        answer.SetResult();
        await work;

        var read = Exposition.Parse(store.Write());
        Assert.Equal(0.25, read.Value("avouch_http_request_duration_seconds_sum{route=\"/slow\",method=\"GET\",status=\"4xx\"}"));
        Assert.Equal(1, read.Value("avouch_http_request_duration_seconds_bucket{route=\"/slow\",method=\"GET\",status=\"4xx\",le=\"0.25\"}"));
        Assert.Equal(0, read.Value("avouch_http_request_duration_seconds_bucket{route=\"/slow\",method=\"GET\",status=\"4xx\",le=\"0.1\"}"));
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException), "5xx")]
    [InlineData(typeof(OperationCanceledException), "aborted")]
    public async Task A_request_that_fails_is_measured_too(Type failure, string status)
    {
        using var meter = new ServerMeter();
        using var store = new MetricStore(meter);
        var timer = new RouteTimer("GET", "/bad", _ => Task.FromException((Exception)Activator.CreateInstance(failure)!), meter, time);

        await Assert.ThrowsAsync(failure, () => timer.Run(new DefaultHttpContext()));

        Assert.Equal(1, Exposition.Parse(store.Write()).Value($"avouch_http_request_duration_seconds_count{{route=\"/bad\",method=\"GET\",status=\"{status}\"}}"));
    }

    [Fact]
    public void Beyond_its_bound_a_metric_has_one_series_for_all_others()
    {
        using var meter = new ServerMeter();
        using var store = new MetricStore(meter);

        for (var kind = 0; kind < MetricFamily.MaxSeries + 50; kind++) meter.JournalRows.Count("kind", $"kind {kind}");

        var rows = Exposition.Parse(store.Write()).Families["avouch_journal_rows_total"].Samples;
        Assert.Equal((MetricFamily.MaxSeries + 1, 50), (rows.Count, rows["avouch_journal_rows_total{overflow=\"true\"}"]));
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_record_at_once()
    {
        using var meter = new ServerMeter();
        using var store = new MetricStore(meter);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < Requests; i++) meter.JournalRows.Count("kind", $"kind {(worker + i) % 50}");
        })));

        var rows = Exposition.Parse(store.Write()).Families["avouch_journal_rows_total"].Samples;
        Assert.Equal((50, 8d * Requests), (rows.Count, rows.Values.Sum()));
    }
}
