using Avouch.Server.Limits;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Limits;

/// <summary>A flood of distinct keys: memory stays what it is, nobody's counter is emptied by it, and strangers are still let in.</summary>
public sealed class CounterTableTests
{
    private readonly ManualTime time = new();
    private readonly RateLimits limits;

    public CounterTableTests() => limits = new RateLimits(Server(limitsEnabled: true), new LimitSettings(5, 30, 30, 3, 1000, TimeSpan.FromDays(400)), time);

    [Fact]
    public void A_counter_that_refuses_survives_a_flood_of_a_million_other_keys()
    {
        while (limits.Take(Limit.Reset, "victim").IsAllowed) { }

        for (var i = 0; i < 1_000_000; i++) limits.Take(Limit.Reset, $"flood {i}");

        Assert.False(limits.Take(Limit.Reset, "victim").IsAllowed);
        time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.False(limits.Take(Limit.Reset, "victim").IsAllowed);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limits.Take(Limit.Reset, "victim").IsAllowed);
    }

    [Fact]
    public void A_flood_shuts_out_nobody_who_is_new()
    {
        for (var i = 0; i < 100_000; i++) limits.Take(Limit.Reset, $"flood {i}");

        var allowed = Enumerable.Range(0, 1000).Count(i => limits.Take(Limit.Reset, $"new {i}").IsAllowed);

        Assert.Equal(1000, allowed);
    }

    [Fact]
    public void Even_a_table_full_of_refusing_counters_lets_strangers_in()
    {
        for (var i = 0; i < 20_000; i++)
            for (var take = 0; take < 4; take++)
                limits.Take(Limit.Reset, $"flood {i}");   // the table has room for 8,192

        var allowed = Enumerable.Range(0, 1000).Count(i => limits.Take(Limit.Reset, $"new {i}").IsAllowed);
        time.Advance(TimeSpan.FromHours(1));
        var later = Enumerable.Range(0, 1000).Count(i => limits.Take(Limit.Reset, $"later {i}").IsAllowed);

        Assert.InRange(allowed, 1, 1000);
        Assert.Equal(1000, later);
    }

    [Fact]
    public void One_key_has_a_counter_for_each_limit()
    {
        while (limits.Take(Limit.Reset, "alice").IsAllowed) { }

        Assert.True(limits.Take(Limit.Verification, "alice").IsAllowed);
        Assert.True(limits.Take(Limit.Reset, "bob").IsAllowed);
    }

    [Fact]
    public async Task Takes_at_once_are_never_more_than_the_quota()
    {
        var allowed = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => limits.Take(Limit.Register, "network").IsAllowed)));

        Assert.Equal(30, allowed.Count(isAllowed => isAllowed));
    }

    [Fact]
    public void Nothing_is_counted_where_limits_are_off()
    {
        var off = new RateLimits(Server(limitsEnabled: false), new LimitSettings(1, 1, 1, 1, 1, TimeSpan.FromDays(1)), time);

        for (var i = 0; i < 100; i++) Assert.True(off.Take(Limit.Register, "network").IsAllowed);
    }

    private static ServerSettings Server(bool limitsEnabled) =>
        AvouchSettings.Read(new SettingsSource().Add("test", new Dictionary<string, string> { ["AVOUCH_LIMITS_ENABLED"] = limitsEnabled ? "true" : "false" })).Settings!.Server;
}
