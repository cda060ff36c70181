using System.Runtime.CompilerServices;

namespace Avouch.Server.Limits;

/// <summary>So many in each time, wherever the time begins.</summary>
internal readonly record struct WindowRule(int Quota, TimeSpan Window) : ICounterRule<WindowRule>
{
    /// <summary>How many strangers may share a counter before they feel it.</summary>
    public const int Strangers = 8;

    public WindowRule Shared => this with { Quota = Quota * Strangers };
}

/// <summary>
/// Counts in a sliding window with eight time stamps: one for each take up to a quota of eight, one for a group of takes beyond it. A group counts
/// until its last take is over, so there are never more than the quota in any window.
/// </summary>
internal struct WindowCounter : ICounter<WindowRule>
{
    private const int Groups = 8;

    private Stamps lastTakes;
    private Sizes sizes;
    private int newest;

    /// <returns>Zero where it was counted, else how long to wait.</returns>
    public TimeSpan Take(long now, WindowRule rule)
    {
        if (Wait(now, rule) is var wait && wait > TimeSpan.Zero) return wait;
        var isFull = sizes[newest] >= GroupSize(rule);
        if (IsAlive(newest, now, rule) && isFull) newest = (newest + 1) % Groups;
        if (!IsAlive(newest, now, rule)) sizes[newest] = 0;
        sizes[newest]++;
        lastTakes[newest] = now;
        return TimeSpan.Zero;
    }

    /// <summary>The latest take did not count after all.</summary>
    public void GiveBack()
    {
        if (sizes[newest] == 0) newest = (newest + Groups - 1) % Groups;
        if (sizes[newest] > 0) sizes[newest]--;
    }

    /// <summary>How long until another one is let through; zero for now.</summary>
    public readonly TimeSpan Wait(long now, WindowRule rule)
    {
        if (Weigh(now, rule) < rule.Quota) return TimeSpan.Zero;
        var first = long.MaxValue;
        for (var i = 0; i < Groups; i++)
            if (IsAlive(i, now, rule)) first = Math.Min(first, lastTakes[i]);
        return TimeSpan.FromTicks(first + rule.Window.Ticks - now);
    }

    /// <summary>How many are counted.</summary>
    public readonly int Weigh(long now, WindowRule rule)
    {
        var sum = 0;
        for (var i = 0; i < Groups; i++)
            if (IsAlive(i, now, rule)) sum += sizes[i];
        return sum;
    }

    public readonly bool IsIdle(long now, WindowRule rule) => Weigh(now, rule) == 0;

    public readonly bool IsRefusing(long now, WindowRule rule) => Weigh(now, rule) >= rule.Quota;

    private static int GroupSize(WindowRule rule) => (rule.Quota + Groups - 1) / Groups;

    private readonly bool IsAlive(int group, long now, WindowRule rule) => sizes[group] > 0 && lastTakes[group] + rule.Window.Ticks > now;

    [InlineArray(Groups)]
    private struct Stamps
    {
        private long first;
    }

    [InlineArray(Groups)]
    private struct Sizes
    {
        private int first;
    }
}
