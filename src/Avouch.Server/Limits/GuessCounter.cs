namespace Avouch.Server.Limits;

/// <summary>How wrong passwords are held back.</summary>
/// <param name="Minute">How many there may be in a minute.</param>
/// <param name="Free">How many in a row cost no more than that; from there on, each one doubles the time to wait.</param>
/// <param name="Forgets">One of the row is forgotten after this time.</param>
internal readonly record struct GuessRule(WindowRule Minute, int Free, TimeSpan Forgets) : ICounterRule<GuessRule>
{
    /// <summary>Strangers do not make each other wait longer and longer.</summary>
    public GuessRule Shared => this with { Minute = Minute.Shared, Free = int.MaxValue };

    /// <summary>A longer row makes nobody wait longer, and would take longer to be forgotten.</summary>
    public int Longest => Free == int.MaxValue ? int.MaxValue - 1 : Free + 4;

    /// <summary>One minute, then two, four, eight; a quarter of an hour at most, so that an attack that ends is soon over for everybody.</summary>
    public TimeSpan Delay(int run) => run < Free ? TimeSpan.Zero : TimeSpan.FromMinutes(Math.Min(1 << Math.Min(run - Free, 10), 15));
}

/// <summary>
/// Counts wrong passwords. What is being checked at this moment counts as wrong until it is settled: otherwise a thousand guesses at once would all
/// be let through.
/// </summary>
internal struct GuessCounter : ICounter<GuessRule>
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private WindowCounter minute;
    private int pending;
    private int run;
    private long runAt;
    private long closedUntil;

    /// <returns>Zero where the guess may be checked, else how long to wait.</returns>
    public TimeSpan Begin(long now, GuessRule rule)
    {
        if (closedUntil > now) return TimeSpan.FromTicks(closedUntil - now);
        if (pending > 0 && Run(now, rule) + pending >= rule.Free) return Moment;   // the one before decides
        if (minute.Take(now, rule.Minute) is var wait && wait > TimeSpan.Zero) return pending > 0 && wait > Moment ? Moment : wait;
        pending++;
        return TimeSpan.Zero;
    }

    public void Fail(long now, GuessRule rule)
    {
        Settle();
        (run, runAt) = (Math.Min(Run(now, rule), rule.Longest) + 1, now);
        closedUntil = now + rule.Delay(run).Ticks;
    }

    /// <summary>The password was right: nothing before it counts any more.</summary>
    public void Succeed()
    {
        Settle();
        Forget();
    }

    /// <summary>Nothing before this counts any more; what is being checked still does.</summary>
    public void Forget() => this = new GuessCounter { pending = pending };

    /// <summary>Nothing was checked.</summary>
    public void Withdraw()
    {
        Settle();
        minute.GiveBack();
    }

    public readonly bool IsIdle(long now, GuessRule rule) => pending == 0 && Run(now, rule) == 0 && closedUntil <= now && minute.IsIdle(now, rule.Minute);

    public readonly bool IsRefusing(long now, GuessRule rule) => closedUntil > now || minute.IsRefusing(now, rule.Minute);

    public readonly int Weigh(long now, GuessRule rule) => Math.Max(Run(now, rule), minute.Weigh(now, rule.Minute));

    private readonly int Run(long now, GuessRule rule) => (int)Math.Max(0, run - ((now - runAt) / rule.Forgets.Ticks));

    /// <summary>The counter may be another one than at the beginning, where the table had no room.</summary>
    private void Settle() => pending = Math.Max(0, pending - 1);
}
