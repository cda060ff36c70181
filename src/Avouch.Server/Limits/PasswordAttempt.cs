namespace Avouch.Server.Limits;

/// <summary>
/// One check of a password, from the moment it was let through. Whoever leaves without saying how it ended (somebody who hung up, a fault) counts
/// as wrong: otherwise hanging up would be a way to guess for nothing.
/// </summary>
internal sealed class PasswordAttempt : IDisposable
{
    private readonly GuessSlot[] guesses;
    private RateLimits? limits;
    private string network = "";
    private bool isSettled;

    public PasswordAttempt(GuessSlot[] guesses) => this.guesses = guesses;

    /// <summary>What the client is told where it is refused: the same, whichever counter was full.</summary>
    public Verdict Refusal { get; private init; }

    public bool IsAllowed => Refusal.IsAllowed;

    public static PasswordAttempt Unlimited() => new([]);

    public static PasswordAttempt Refused(Verdict refusal) => new([]) { Refusal = refusal };

    /// <summary>It counts for the network too.</summary>
    public PasswordAttempt AlsoFrom(RateLimits counting, string from)
    {
        (limits, network) = (counting, from);
        return this;
    }

    public void Fail() => Settle(static guess => guess.Fail(), isWrong: true);

    public void Succeed() => Settle(static guess => guess.Succeed(), isWrong: false);

    /// <summary>Nothing was checked, so nothing is counted.</summary>
    public void Withdraw() => Settle(static guess => guess.Withdraw(), isWrong: false);

    public void Dispose() => Fail();

    private void Settle(Action<GuessSlot> step, bool isWrong)
    {
        if (isSettled) return;
        isSettled = true;
        foreach (var guess in guesses) step(guess);
        if (!isWrong) limits?.GiveBack(Limit.SignInFromNetwork, network);
    }
}
