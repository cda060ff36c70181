using Avouch.Protocol;
using Avouch.Server.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Http;

/// <summary>What an administrator says about somebody new. Without a password they get a mail with a link to set one.</summary>
internal sealed record NewAccount(string? Username, string? Email, string? FullName, string? Locale, string? Password, IReadOnlyList<string> Roles)
{
    /// <summary>What is wrong with which field.</summary>
    public Dictionary<string, string[]> Validate()
    {
        var errors = new Dictionary<string, string[]>();
        if (AccountRules.CheckEmail(Email) is { } email) errors["email"] = [email];
        if (Username is not null && AccountRules.CheckUsername(Username) is { } username) errors["username"] = [username];
        if (FullName is not null && AccountRules.CheckFullName(FullName) is { } fullName) errors["full_name"] = [fullName];
        if (Locale is not null && ProfileRules.CheckLocale(Locale) is { } locale) errors["locale"] = [locale];
        if (Password is not null && PasswordPolicy.Check(Password, Username, Email ?? "", FullName) is { } weak) errors["password"] = [weak];
        if (RoleGrants.CheckList(Roles) is { } roles) errors["roles"] = [roles];
        return errors;
    }
}

/// <summary>Accounts that administrators make for somebody, over the API and on pages alike.</summary>
internal sealed class UserAdding(Guard guard, UserAccounts users, PasswordHasher passwords, PasswordReset reset)
{
    /// <summary>Adds an account that <see cref="NewAccount.Validate"/> has nothing against.</summary>
    public async Task<(User? User, Problem? Refusal)> Add(AccessToken token, NewAccount given, Caller caller, CancellationToken cancelled)
    {
        var roles = UserRoles.Order(given.Roles);
        if (RoleGrants.Refuse(guard, token, [Role.User], roles) is { } refusal) return (null, refusal);
        var account = new NewUser(given.Username, given.Email!.Trim(), given.FullName, roles[0], StoredHash.OfNobody) { Roles = roles, Locale = given.Locale };
        if (await users.FindTaken(account) is not Taken.Nothing and var taken) return (null, Refuse(taken));
        if (given.Password is { } password)
        {
            var hashed = await passwords.Hash(password, caller.Network, cancelled);
            if (hashed.Hash is null) return (null, Problems.Busy(hashed.RetryAfter));
            account = account with { PasswordHash = hashed.Hash };
        }
        var actor = Guard.Bare(token) with { May = snapshot => RoleGrants.Refuse(guard, token, [Role.User], roles, snapshot) is null };
        var added = await users.Add(account, address: null, actor, async (transaction, user, cause) =>
        {
            if (given.Password is null) await reset.Send(transaction, user, cause, caller with { Languages = account.Locale });
        });
        return (added.User, added.User is null ? Refuse(added.Taken) : null);
    }

    private static Problem Refuse(Taken taken) => taken switch
    {
        Taken.Email => Problems.EmailTaken,
        Taken.Username => Problems.UsernameTaken,
        Taken.LookAlike => Problems.UsernameLooksTaken,
        Taken.Outranked => Problems.Outranked,
        _ => Problems.Invalid("roles", "One of these roles does not exist."),
    };
}
