using Avouch.Server.Limits;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Limits;

/// <summary>The sliding window, without a server: never more than the quota in any window, whatever the rhythm.</summary>
public sealed class WindowCounterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_quota_is_let_through_and_the_next_one_at_the_second_at_which_the_first_is_over()
    {
        var counter = new WindowCounter();
        var rule = new WindowRule(3, Minute);

        Assert.Equal(TimeSpan.Zero, counter.Take(Seconds(1), rule));
        Assert.Equal(TimeSpan.Zero, counter.Take(Seconds(20), rule));
        Assert.Equal(TimeSpan.Zero, counter.Take(Seconds(59), rule));

        Assert.Equal(TimeSpan.FromSeconds(2), counter.Take(Seconds(59), rule));
        Assert.Equal(TimeSpan.FromSeconds(1), counter.Take(Seconds(60), rule));
        Assert.Equal(TimeSpan.Zero, counter.Take(Seconds(61), rule));
        Assert.Equal(TimeSpan.FromSeconds(19), counter.Take(Seconds(61), rule));   // until the one of second 20 is over
    }

    [Fact]
    public void What_is_given_back_does_not_count()
    {
        var counter = new WindowCounter();
        var rule = new WindowRule(2, Minute);
        counter.Take(0, rule);
        counter.Take(0, rule);
        counter.GiveBack();

        Assert.Equal(1, counter.Weigh(0, rule));
        Assert.Equal(TimeSpan.Zero, counter.Take(0, rule));
        Assert.Equal(Minute, counter.Take(0, rule));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100)]
    [InlineData(1000)]
    public void In_no_window_there_are_more_than_the_quota(int quota)
    {
        var seed = Seed.Next();
        var random = new Random(seed);
        var counter = new WindowCounter();
        var rule = new WindowRule(quota, Minute);
        var taken = new Queue<long>();
        var now = 0L;
        var refused = 0;
        for (var i = 0; i < 20 * quota; i++)
        {
            now += random.NextInt64(2 * Minute.Ticks / quota);
            var wait = counter.Take(now, rule);
            Assert.InRange(wait, TimeSpan.Zero, Minute);
            if (wait > TimeSpan.Zero) refused++;
            else taken.Enqueue(now);
            while (taken.Count > 0 && taken.Peek() <= now - Minute.Ticks) taken.Dequeue();
            Assert.True(taken.Count <= quota, $"{taken.Count} of {quota}. {Seed.Explain(seed)}");
        }
        Assert.True(refused < 19 * quota, Seed.Explain(seed));
    }

    private static long Seconds(int seconds) => TimeSpan.FromSeconds(seconds).Ticks;
}
