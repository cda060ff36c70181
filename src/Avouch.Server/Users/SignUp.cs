using Avouch.Server.Limits;
using Avouch.Server.Passwords;

namespace Avouch.Server.Users;

/// <summary>
/// A new account that somebody makes for themselves. Nobody gives themselves a role. Where existing accounts are hidden, a taken address goes the same
/// way as a free one, and only its owner hears of it.
/// </summary>
internal sealed class SignUp(UserAccounts users, PasswordHasher passwords, HeldNames held, RateLimits limits, EmailVerification verification)
{
    /// <summary>What is wrong with which field.</summary>
    public static Dictionary<string, string[]> Validate(WantedAccount wanted)
    {
        var errors = new Dictionary<string, string[]>();
        if (AccountRules.CheckEmail(wanted.Email) is { } email) errors["email"] = [email];
        if (Blank(wanted.Username) is { } name && AccountRules.CheckUsername(name) is { } username) errors["username"] = [username];
        if (Blank(wanted.FullName) is { } full && AccountRules.CheckFullName(full) is { } fullName) errors["full_name"] = [fullName];
        if (string.IsNullOrEmpty(wanted.Password)) errors["password"] = ["A password is needed."];
        else if (PasswordPolicy.Check(wanted.Password, wanted.Username, wanted.Email ?? "", wanted.FullName) is { } sentence) errors["password"] = [sentence];
        return errors;
    }

    /// <param name="wanted">In which <see cref="Validate"/> has found nothing.</param>
    public async Task<SignedUp> Run(WantedAccount wanted, Caller caller, CancellationToken cancelled)
    {
        var account = new NewUser(Blank(wanted.Username), wanted.Email!.Trim(), Blank(wanted.FullName), Role.User, PasswordHash: "") { AwaitsProof = limits.Settings.HidesExistingAccounts };
        var taken = await users.FindTaken(account);
        if (taken is not Taken.Nothing && !IsHidden(account, taken)) return SignedUp.Not(taken);
        var hashed = await passwords.Hash(wanted.Password!, caller.Network, cancelled);
        if (hashed.Hash is null) return SignedUp.Busy(hashed.RetryAfter);
        return await Add(account with { PasswordHash = hashed.Hash }, taken, caller);
    }

    private async Task<SignedUp> Add(NewUser account, Taken taken, Caller caller)
    {
        var added = taken is Taken.Nothing
            ? await users.Add(account, caller.Address, also: async (transaction, user, cause) => await verification.Send(transaction, user, cause, caller))
            : new AddedUser(null, taken);
        if (added.User is null && !IsHidden(account, added.Taken)) return SignedUp.Not(added.Taken);
        if (added.User is null) await held.Hold(account, MayTellOwner(account), caller);
        return account.AwaitsProof ? SignedUp.Almost : SignedUp.As(added.User!, account.PasswordHash);
    }

    private static bool IsHidden(NewUser account, Taken taken) => account.AwaitsProof && taken is Taken.Email;

    /// <summary>Nobody is flooded with mail because somebody else signs up again and again.</summary>
    private bool MayTellOwner(NewUser account) => limits.Take(Limit.Verification, NameKey.Of(account.Email)).IsAllowed;

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>What somebody asks for, as they typed it.</summary>
internal sealed record WantedAccount(string? Username, string? Email, string? Password, string? FullName);

/// <summary>The account, or one reason why there is none.</summary>
internal sealed record SignedUp
{
    public User? User { get; private init; }

    /// <summary>The hash that was stored with it: who has just chosen the password need not show it again.</summary>
    public string PasswordHash { get; private init; } = "";

    /// <summary>Whether all that is left is a link in a mail: said whether or not the address was taken (AVOUCH_HIDE_EXISTING_ACCOUNTS).</summary>
    public bool AwaitsProof { get; private init; }

    public Taken Taken { get; private init; }

    /// <summary>How long to wait where too many passwords were to be hashed.</summary>
    public TimeSpan RetryAfter { get; private init; }

    public static readonly SignedUp Almost = new() { AwaitsProof = true };

    public static SignedUp As(User user, string hash) => new() { User = user, PasswordHash = hash };

    public static SignedUp Not(Taken taken) => new() { Taken = taken };

    public static SignedUp Busy(TimeSpan retryAfter) => new() { RetryAfter = retryAfter };
}
