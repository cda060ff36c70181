using Avouch.Server.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>What the flows around passwords and addresses have in common, over the API and on pages: the refusal of each outcome.</summary>
internal static class ProofProblems
{
    /// <param name="invalid">The refusal of a secret of this kind.</param>
    /// <returns>Nothing where it is done.</returns>
    public static Problem? Find(ProofResult result, Problem? invalid = null) => result.Outcome switch
    {
        ProofOutcome.Done => null,
        ProofOutcome.WrongPassword => Problems.WrongPassword(result.Cause),
        ProofOutcome.WeakPassword => Problems.Invalid("new_password", PasswordPolicy.Explain(result.Fault)!),
        ProofOutcome.EmailTaken => Problems.EmailTaken,
        ProofOutcome.Disabled => Problems.AccountDisabled(result.Cause),
        ProofOutcome.TooMany => Problems.TooManyRequests(result.Limit),
        ProofOutcome.Busy => Problems.Busy(result.RetryAfter),
        _ => invalid!,
    };
}
