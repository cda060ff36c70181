using Avouch.Server.Limits;
using Avouch.Server.Passwords;

namespace Avouch.Server.Users;

/// <summary>How a step of an account's own affairs went: a password, an address, a proof of either.</summary>
internal enum ProofOutcome
{
    Done,

    /// <summary>The secret is unknown, used, replaced, too old, for something else, or of an account that has changed since. One answer for all.</summary>
    InvalidToken,
    WrongPassword,

    /// <summary>The new password is not good enough; the secret stays as it is.</summary>
    WeakPassword,

    /// <summary>Somebody else has the address.</summary>
    EmailTaken,

    /// <summary>The secret is genuine and stays good, but an administrator has to enable the account first.</summary>
    Disabled,
    Busy,

    /// <summary>Too many wrong passwords before this one, which nobody has looked at.</summary>
    TooMany,
}

/// <summary>The outcome, and what its answer needs.</summary>
/// <param name="Cause">The journal row that says why, where there is one.</param>
internal sealed record ProofResult(ProofOutcome Outcome, PasswordFault Fault = PasswordFault.None, TimeSpan RetryAfter = default, long? Cause = null)
{
    public Verdict Limit { get; private init; }

    /// <summary>The next token of the device that asked, where it stays known.</summary>
    public string? Device { get; init; }

    public static readonly ProofResult Done = new(ProofOutcome.Done);

    public static readonly ProofResult InvalidToken = new(ProofOutcome.InvalidToken);

    public static readonly ProofResult EmailTaken = new(ProofOutcome.EmailTaken);

    public static readonly ProofResult Disabled = new(ProofOutcome.Disabled);

    public static ProofResult WrongPassword(long? cause) => new(ProofOutcome.WrongPassword, Cause: cause);

    public static ProofResult Weak(PasswordFault fault) => new(ProofOutcome.WeakPassword, fault);

    public static ProofResult TooMany(Verdict limit) => new(ProofOutcome.TooMany) { Limit = limit };

    public static ProofResult Busy(TimeSpan retryAfter) => new(ProofOutcome.Busy, RetryAfter: retryAfter);
}

/// <summary>Who asks, for what is written about it: the journal, the mails.</summary>
/// <param name="Network">Whom the address belongs to, as far as taking turns is concerned.</param>
/// <param name="Languages">An <c>Accept-Language</c>, for people who have not chosen a language.</param>
internal readonly record struct Caller(string? Address, string Network, string? Languages);
