using Avouch.Protocol;
using Avouch.Server.Limits;
using Avouch.Server.Metrics;
using Avouch.Server.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Sessions;

/// <summary>
/// A sign-in by name and password, step by step: first the limits, then the hash. Names that nobody has cost the same as names that somebody has, and the answer to a wrong
/// password is the answer to a wrong name.
/// </summary>
internal sealed class SignIn(UserAccounts users, PasswordHasher passwords, UserSessions sessions, FailedSignIns failures, SignInLimits limits, KnownDevices devices, AccountLocks locks, TokenIssuer issuer, ServerMeter meter)
{
    /// <summary>No password that could be stored is longer; hashing more would be work for an attacker's sake.</summary>
    internal const int MaxPasswordLength = 2 * PasswordPolicy.MaxLength;

    /// <param name="Known">The device, if the account knows it.</param>
    private readonly record struct Request(string Name, string Password, string Scope, Device Device, DeviceToken? Known);

    /// <remarks>
    /// A user's row may change between the look and the start of the session: the password, the status, or only the hash, which another sign-in
    /// has renewed. One more look tells them apart.
    /// </remarks>
    public async Task<SignedIn> Run(string name, string password, string scope, Device device, CancellationToken cancelled)
    {
        if (password.Length > MaxPasswordLength) password = "";
        var known = await devices.Find(device.Token, name);
        using var attempt = known is { } token ? limits.BeginKnown(token.UserId, token.DeviceId) : limits.Begin(NameKey.Of(name), device.Network);
        if (!attempt.IsAllowed) return Count(SignedIn.TooMany(attempt.Refusal));
        var request = new Request(name, password, scope, device, known);
        var signedIn = await TryRun(request, cancelled) ?? await TryRun(request, cancelled) ?? await Refuse(request, null);
        Settle(attempt, signedIn.Outcome);
        return Count(signedIn);
    }

    /// <summary>For somebody who has chosen their password just now: it need not be shown again. The device is known from now on.</summary>
    /// <param name="hash">What was stored.</param>
    /// <returns>Nothing where the account holds another password by now, or is not active any more.</returns>
    public async Task<SignedIn?> Begin(Guid user, string hash, Device device)
    {
        if (await users.FindCredentials(user) is not { } owner) return null;
        var accessUntil = issuer.AccessUntil();
        var signIn = new VerifiedSignIn(user, hash, Rehashed: null, TokenIssuer.FirstParty, TokenIssuer.FirstPartyScope);
        return await sessions.Start(signIn, accessUntil, device) is { } grant ? Count(SignedIn.To(grant, accessUntil, devices.Issue(owner, before: null))) : null;
    }

    private SignedIn Count(SignedIn signedIn)
    {
        meter.SignIns.Count("result", Words<SignInOutcome>.Of(signedIn.Outcome));
        return signedIn;
    }

    private static void Settle(PasswordAttempt attempt, SignInOutcome outcome)
    {
        if (outcome == SignInOutcome.Wrong) attempt.Fail();
        else if (outcome == SignInOutcome.Busy) attempt.Withdraw();
        else attempt.Succeed();
    }

    /// <summary>Nothing where the user's row has changed since it was read.</summary>
    private async Task<SignedIn?> TryRun(Request request, CancellationToken cancelled)
    {
        var found = await users.FindCredentials(request.Name);
        var isShut = found is { AwaitsProof: true } || (request.Known is null && await locks.Has(found?.User.Id));   // the work of a name that nobody has, and its answer
        var verified = await passwords.Verify(request.Password, isShut ? null : found?.PasswordHash, request.Device.Network, cancelled);
        if (verified.Outcome == VerifyOutcome.Busy) return SignedIn.Busy(verified.RetryAfter);
        if (verified.Outcome == VerifyOutcome.Wrong) return await Refuse(request, found?.User.Id);
        if (!found!.User.IsActive) return SignedIn.Disabled(found.ChangedBy);
        if (issuer.Granted(request.Scope, found.User.Roles).IsEmpty) return SignedIn.ScopeRefused;
        var signIn = new VerifiedSignIn(found.User.Id, found.PasswordHash, verified.Rehashed, TokenIssuer.FirstParty, request.Scope) { IsKnownDevice = request.Known is not null };
        var accessUntil = issuer.AccessUntil();
        return await sessions.Start(signIn, accessUntil, request.Device) is { } grant
            ? SignedIn.To(grant, accessUntil, devices.Issue(found, request.Known))
            : null;
    }

    private async Task<SignedIn> Refuse(Request request, Guid? user) =>
        SignedIn.Wrong(await failures.Add(NameKey.Of(request.Name), user, request.Device.Address, request.Known is not null));
}

/// <summary>The session that has begun, or one reason why there is none.</summary>
internal sealed record SignedIn(SignInOutcome Outcome, Grant? Grant = null, TimeSpan RetryAfter = default, long? Cause = null)
{
    /// <summary>The <c>exp</c> that an access token of the session was promised.</summary>
    public DateTimeOffset AccessUntil { get; private init; }

    public Verdict Limit { get; private init; }

    /// <summary>The device token of this sign-in.</summary>
    public string? Device { get; private init; }

    public static readonly SignedIn ScopeRefused = new(SignInOutcome.ScopeRefused);

    public static SignedIn Disabled(long? cause) => new(SignInOutcome.Disabled, Cause: cause);

    public static SignedIn To(Grant grant, DateTimeOffset accessUntil, string device) => new(SignInOutcome.Right, grant) { AccessUntil = accessUntil, Device = device };

    public static SignedIn Wrong(long? cause) => new(SignInOutcome.Wrong, Cause: cause);

    public static SignedIn TooMany(Verdict limit) => new(SignInOutcome.TooMany) { Limit = limit };

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

    /// <summary>Too many wrong passwords before this one, which nobody has looked at.</summary>
    TooMany,
}
