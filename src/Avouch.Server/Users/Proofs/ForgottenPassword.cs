using Avouch.Server.Limits;

namespace Avouch.Server.Users;

/// <summary>Somebody who cannot sign in asks for a link. Nobody learns whether there is such an account, neither from what is done nor from the limit.</summary>
internal sealed class ForgottenPassword(PasswordReset reset, RateLimits limits)
{
    /// <returns>The refusal where this address was asked for too often, known or not; else the secret, for a developer's eyes only, where one was sent.</returns>
    public async ValueTask<(Verdict? Refusal, ProofToken? Token)> Request(string email, Caller caller)
    {
        if (limits.Take(Limit.Reset, NameKey.Of(email)) is { IsAllowed: false } full) return (full, null);   // as typed
        return (null, await reset.Request(email, caller));
    }
}
