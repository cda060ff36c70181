namespace Avouch.Server.Limits;

/// <summary>What a <see cref="CounterTable{TCounter, TRule}"/> has to know of a counter. Moments are ticks since the start of the process.</summary>
internal interface ICounter<TRule>
{
    /// <summary>Nothing would be lost with it.</summary>
    bool IsIdle(long now, TRule rule);

    bool IsRefusing(long now, TRule rule);

    /// <summary>How much would be lost with it.</summary>
    int Weigh(long now, TRule rule);
}

/// <summary>A rule that also says what holds for strangers who have to share one counter.</summary>
internal interface ICounterRule<out TRule>
{
    TRule Shared { get; }
}

/// <summary>
/// Counters by key in a fixed amount of memory. A key has one of eight places in its set; with all of them taken, the lightest counter that
/// refuses nobody makes room. A counter that refuses is never thrown out: then new keys of that set share one counter. The place of a key depends
/// on a random key of the process, so nobody can aim at somebody's set; to push a counter out, the whole table has to be filled with heavier ones.
/// </summary>
internal sealed class CounterTable<TCounter, TRule>(TRule rule, int sets) where TCounter : struct, ICounter<TRule> where TRule : ICounterRule<TRule>
{
    private const int Ways = 8;
    private const int SetSize = Ways + 1;   // the last one is the shared counter
    private const int LockCount = 64;

    private readonly Slot[] slots = new Slot[sets * SetSize];
    private readonly Lock[] locks = [.. Enumerable.Range(0, LockCount).Select(_ => new Lock())];
    private readonly TRule shared = rule.Shared;

    public delegate T Step<T>(ref TCounter counter, TRule rule, long now);

    /// <summary>Does one step with the counter of a key, and nobody else does one meanwhile.</summary>
    public T Use<T>(CounterKey key, long now, Step<T> step)
    {
        var set = (int)(key.Place % (uint)sets);
        lock (locks[set % LockCount])
        {
            var places = slots.AsSpan(set * SetSize, SetSize);
            var found = Find(places[..Ways], key.Tag, now);
            return found < 0 ? step(ref places[Ways].Counter, shared, now) : step(ref places[found].Counter, rule, now);
        }
    }

    /// <summary>The place of the key, or one that is made free for it; negative where every place refuses somebody.</summary>
    private int Find(Span<Slot> places, ulong tag, long now)
    {
        var lightest = -1;
        var weight = int.MaxValue;
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i].Tag == tag) return i;
            ref var counter = ref places[i].Counter;
            var own = counter.IsIdle(now, rule) ? -1 : counter.IsRefusing(now, rule) ? int.MaxValue : counter.Weigh(now, rule);
            if (own < weight) (lightest, weight) = (i, own);
        }
        if (lightest >= 0) places[lightest] = new Slot { Tag = tag };
        return lightest;
    }

    private struct Slot
    {
        public ulong Tag;
        public TCounter Counter;
    }
}

/// <summary>A key as it is kept: a keyed hash of what was typed.</summary>
internal readonly record struct CounterKey(ulong Tag, uint Place);
