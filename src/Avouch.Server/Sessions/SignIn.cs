using Avouch.Server.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Sessions;

/// <summary>
/// A sign-in by name and password, step by step. Names that nobody has cost the same as names that somebody has, and the answer to a wrong
/// password is the answer to a wrong name.
/// </summary>
internal sealed class SignIn(UserAccounts users, PasswordHasher passwords, UserSessions sessions, FailedSignIns failures, TokenIssuer issuer)
{
    /// <summary>No password that could be stored is longer; hashing more would be work for an attacker's sake.</summary>
    internal const int MaxPasswordLength = 2 * PasswordPolicy.MaxLength;

    /// <remarks>
    /// A user's row may change between the look and the start of the session: the password, the status, or only the hash, which another sign-in
    /// has renewed. One more look tells them apart.
    /// </remarks>
    public async Task<SignedIn> Run(string name, string password, string scope, Device device, CancellationToken cancelled)
    {
        if (password.Length > MaxPasswordLength) password = "";
        return await TryRun(name, password, scope, device, cancelled)
            ?? await TryRun(name, password, scope, device, cancelled)
            ?? await Refuse(name, null, device);
    }

    /// <summary>Nothing where the user's row has changed since it was read.</summary>
    private async Task<SignedIn?> TryRun(string name, string password, string scope, Device device, CancellationToken cancelled)
    {
        var found = await users.FindCredentials(name);
        var verified = await passwords.Verify(password, found?.PasswordHash, device.Network, cancelled);
        if (verified.Outcome == VerifyOutcome.Busy) return SignedIn.Busy(verified.RetryAfter);
        if (verified.Outcome == VerifyOutcome.Wrong) return await Refuse(name, found?.User.Id, device);
        if (!found!.User.IsActive) return SignedIn.Disabled(found.ChangedBy);
        if (issuer.Granted(scope, found.User.Roles).IsEmpty) return SignedIn.ScopeRefused;
        var signIn = new VerifiedSignIn(found.User.Id, found.PasswordHash, verified.Rehashed, TokenIssuer.FirstParty, scope);
        var accessUntil = issuer.AccessUntil();
        return await sessions.Start(signIn, accessUntil, device) is { } grant ? SignedIn.To(issuer.Issue(grant, accessUntil)) : null;
    }

    private async Task<SignedIn> Refuse(string name, Guid? user, Device device) =>
        SignedIn.Wrong(await failures.Add(NameKey.Of(name), user, device.Address));
}

/// <summary>The tokens, or one reason why there are none.</summary>
internal sealed record SignedIn(SignInOutcome Outcome, TokenAnswer? Tokens = null, TimeSpan RetryAfter = default, long? Cause = null)
{
    public static readonly SignedIn ScopeRefused = new(SignInOutcome.ScopeRefused);

    public static SignedIn Disabled(long? cause) => new(SignInOutcome.Disabled, Cause: cause);

    public static SignedIn To(TokenAnswer tokens) => new(SignInOutcome.Right, tokens);

    public static SignedIn Wrong(long? cause) => new(SignInOutcome.Wrong, Cause: cause);

    public static SignedIn Busy(TimeSpan retryAfter) => new(SignInOutcome.Busy, RetryAfter: retryAfter);
}

internal enum SignInOutcome
{
    Right,
    Wrong,
    Disabled,

    /// <summary>Nothing of the scope that was asked for is for an account of this role: a token without any would open nothing.</summary>
    ScopeRefused,
    Busy,
}
