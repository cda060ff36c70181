using Avouch.Server.Limits;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;

namespace Avouch.Server.Users;

/// <summary>
/// Asks somebody who is signed in for their password once more (ASVS 7.5.1). It costs what a sign-in costs and a wrong one counts as a failed
/// sign-in, so that a stolen access token is no way to guess it; there is a limit, before anything is hashed.
/// </summary>
internal sealed class CurrentPassword(UserAccounts users, PasswordHasher passwords, FailedSignIns failures, SignInLimits limits)
{
    /// <summary>The account with the hash that was right, or how it went instead.</summary>
    public async Task<VerifiedOwner> Verify(Guid user, string password, Caller caller, CancellationToken cancelled)
    {
        if (password.Length > SignIn.MaxPasswordLength) password = "";
        using var attempt = limits.BeginProof(user);
        if (!attempt.IsAllowed) return new(null, ProofResult.TooMany(attempt.Refusal));
        var found = await users.FindCredentials(user);
        var verified = await passwords.Verify(password, found?.PasswordHash, caller.Network, cancelled);
        attempt.Settle(verified.Outcome);
        return verified.Outcome switch
        {
            VerifyOutcome.Busy => new(null, ProofResult.Busy(verified.RetryAfter)),
            VerifyOutcome.Right => new(found, ProofResult.Done),
            _ => new(null, await Refuse(found?.User, caller)),
        };
    }

    /// <summary>After a new password: nothing that was guessed before keeps its owner out.</summary>
    public void Forget(User owner, Caller caller)
    {
        var names = new[] { owner.Username, owner.Email }.OfType<string>();
        limits.Forget(owner.Id, names.Select(NameKey.Of), caller.Network);
    }

    /// <summary>Counted under the address, as that person's own sign-ins are.</summary>
    public async Task<ProofResult> Refuse(User? user, Caller caller) =>
        ProofResult.WrongPassword(await failures.Add(NameKey.Of(user?.Email ?? ""), user?.Id, caller.Address));
}

/// <summary>Whoever has shown their password, or the result that says why not.</summary>
internal sealed record VerifiedOwner(Credentials? Owner, ProofResult Refusal);
