using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Avouch.Server.Settings;

namespace Avouch.Server.Limits;

/// <summary>Whether somebody may go on, and what a client may know of its limit.</summary>
/// <param name="RetryAfter">How long to wait; zero where it is allowed.</param>
internal readonly record struct Verdict(Limit Limit, int Quota, int Remaining, TimeSpan RetryAfter)
{
    public bool IsAllowed => RetryAfter == TimeSpan.Zero;
}

/// <summary>
/// How often something may be done, by network, account, address or session. Counted in memory, in tables of a fixed size; keys are kept as keyed
/// hashes only, since people type passwords into the wrong field. A restart forgets them.
/// </summary>
internal sealed class RateLimits
{
    private const int Sets = 1024;

    private readonly byte[] hashKey = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<Limit, (WindowRule Rule, CounterTable<WindowCounter, WindowRule> Counters)> tables = [];
    private readonly TimeProvider time;
    private readonly long start;

    public RateLimits(ServerSettings server, LimitSettings settings, TimeProvider time)
    {
        (this.time, start, IsEnabled, Settings) = (time, time.GetTimestamp(), server.LimitsEnabled, settings);
        foreach (var limit in Limit.All)
        {
            var rule = new WindowRule(limit.Quota(settings), limit.Window);
            tables[limit] = (rule, new CounterTable<WindowCounter, WindowRule>(rule, Sets));
        }
    }

    public bool IsEnabled { get; }

    public LimitSettings Settings { get; }

    /// <summary>Ticks since the start, on a clock that nobody sets.</summary>
    public long Now => time.GetElapsedTime(start).Ticks;

    /// <summary>Counts one, where there is still room for it.</summary>
    /// <param name="key">Whom it is counted for: a network, an account, the key of a name that may be nobody's.</param>
    public Verdict Take(Limit limit, string key)
    {
        var (rule, counters) = tables[limit];
        if (!IsEnabled) return new Verdict(limit, rule.Quota, rule.Quota, TimeSpan.Zero);
        return counters.Use(KeyOf(limit.Name, key), Now, (ref WindowCounter counter, WindowRule rule, long now) =>
        {
            var wait = counter.Take(now, rule);
            return new Verdict(limit, rule.Quota, rule.Quota - counter.Weigh(now, rule), wait);
        });
    }

    /// <summary>What was taken last did not count after all.</summary>
    public void GiveBack(Limit limit, string key)
    {
        if (!IsEnabled) return;
        tables[limit].Counters.Use(KeyOf(limit.Name, key), Now, (ref WindowCounter counter, WindowRule _, long _) =>
        {
            counter.GiveBack();
            return true;
        });
    }

    /// <summary>Where the counter of a key stands: different for every table and every start.</summary>
    public CounterKey KeyOf(string table, string key)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(hashKey, Encoding.UTF8.GetBytes($"{table}\0{key}"), hash);
        return new CounterKey(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt32LittleEndian(hash[8..]));
    }
}
