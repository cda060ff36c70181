namespace Avouch.Server.Limits;

/// <summary>
/// Who may have a password checked. Wrong ones count, right ones do not and make the wrong ones before them forgotten. Asked before anything is
/// hashed, and by what was typed: a name that nobody has is held back like any other.
/// </summary>
/// <remarks>
/// <code>
/// name and network   five in a row are free, then 1, 2, 4, 8, 15 minutes each      so one attacker is slow, and slow for himself alone
/// name               five a minute; after twenty in a row, the same delays         many networks at once
/// network            thirty a minute                                               one password for many names
/// known device       five in a row are free, then the same delays, and nothing else counts: nobody can shut out its owner
/// </code>
/// </remarks>
internal sealed class SignInLimits
{
    private const int Sets = 2048;

    private readonly RateLimits limits;
    private readonly GuessTable pairs;
    private readonly GuessTable names;
    private readonly GuessTable devices;
    private readonly GuessTable proofs;

    public SignInLimits(RateLimits limits)
    {
        this.limits = limits;
        var quota = Limit.SignIn.Quota(limits.Settings);
        var minute = new WindowRule(quota, Limit.SignIn.Window);
        var strict = new GuessRule(minute, quota, TimeSpan.FromHours(1));
        pairs = new GuessTable(limits, "sign-in-pair", strict, Sets);
        names = new GuessTable(limits, "sign-in-name", strict with { Free = 4 * quota, Forgets = TimeSpan.FromMinutes(10) }, Sets);
        devices = new GuessTable(limits, "sign-in-device", strict, Sets);
        proofs = new GuessTable(limits, "password-proof", strict, Sets);
    }

    /// <summary>Somebody types a name and a password on a device that the account does not know.</summary>
    public PasswordAttempt Begin(string nameKey, string network)
    {
        var guesses = new GuessSlot[] { pairs.At($"{nameKey}\0{network}"), names.At(nameKey) };
        var begun = Begin(guesses);
        if (!begun.IsAllowed || !limits.IsEnabled) return begun;
        var verdict = limits.Take(Limit.SignInFromNetwork, network);
        if (verdict.IsAllowed) return begun.AlsoFrom(limits, network);
        begun.Withdraw();
        return Refuse(verdict.RetryAfter);
    }

    /// <summary>The same on a device that the account knows.</summary>
    public PasswordAttempt BeginKnown(Guid user, Guid device) => Begin([devices.At($"{user:N}{device:N}")]);

    /// <summary>
    /// Somebody who is signed in shows the password once more, to change something: whoever stole an access token cannot guess on. No sign-in from
    /// outside makes the owner wait here.
    /// </summary>
    public PasswordAttempt BeginProof(Guid user) => Begin([proofs.At($"{user:N}")]);

    /// <summary>
    /// The owner has shown who they are and has set a new password: guesses at the old one do not keep them out. Nobody else can do that, and those who
    /// guess from elsewhere wait on.
    /// </summary>
    /// <param name="nameKeys">Whatever the account can be called at sign-in.</param>
    public void Forget(Guid user, IEnumerable<string> nameKeys, string network)
    {
        if (!limits.IsEnabled) return;
        proofs.At($"{user:N}").Forget();
        foreach (var key in nameKeys)
        {
            pairs.At($"{key}\0{network}").Forget();
            names.At(key).Forget();
        }
    }

    private PasswordAttempt Begin(GuessSlot[] guesses)
    {
        if (!limits.IsEnabled) return PasswordAttempt.Unlimited();
        for (var i = 0; i < guesses.Length; i++)
        {
            if (guesses[i].Begin() is not { Ticks: > 0 } wait) continue;
            foreach (var begun in guesses[..i]) begun.Withdraw();
            return Refuse(wait);
        }
        return new PasswordAttempt(guesses);
    }

    private PasswordAttempt Refuse(TimeSpan wait) => PasswordAttempt.Refused(new Verdict(Limit.SignIn, Limit.SignIn.Quota(limits.Settings), 0, wait));
}

/// <summary>The counters of one kind of guess.</summary>
internal sealed class GuessTable(RateLimits limits, string name, GuessRule rule, int sets)
{
    private readonly CounterTable<GuessCounter, GuessRule> counters = new(rule, sets);

    public GuessSlot At(string key) => new(this, limits.KeyOf(name, key));

    public T Use<T>(CounterKey key, CounterTable<GuessCounter, GuessRule>.Step<T> step) => counters.Use(key, limits.Now, step);
}

/// <summary>The counter of one key.</summary>
internal readonly record struct GuessSlot(GuessTable Table, CounterKey Key)
{
    public TimeSpan Begin() => Table.Use(Key, static (ref GuessCounter counter, GuessRule rule, long now) => counter.Begin(now, rule));

    public void Fail() => Table.Use(Key, static (ref GuessCounter counter, GuessRule rule, long now) =>
    {
        counter.Fail(now, rule);
        return true;
    });

    public void Succeed() => Table.Use(Key, static (ref GuessCounter counter, GuessRule _, long _) =>
    {
        counter.Succeed();
        return true;
    });

    public void Forget() => Table.Use(Key, static (ref GuessCounter counter, GuessRule _, long _) =>
    {
        counter.Forget();
        return true;
    });

    public void Withdraw() => Table.Use(Key, static (ref GuessCounter counter, GuessRule _, long _) =>
    {
        counter.Withdraw();
        return true;
    });
}
