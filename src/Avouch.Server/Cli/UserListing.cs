using Avouch.Server.Users;

namespace Avouch.Server.Cli;

/// <summary>Accounts as the shell shows them.</summary>
internal static class UserListing
{
    public static Listing<UserJson> Begin(TextWriter output, bool isJson) => new(output, isJson, UserJsonContext.Default.UserJson,
        new("ID", user => user.Id.ToString()),
        new("USER NAME", user => user.Username),
        new("E-MAIL", user => user.Email),
        new("ROLES", user => string.Join(' ', user.Roles)),
        new("ACTIVE", user => Listing.YesNo(user.IsActive)),
        new("CREATED", user => Listing.Time(user.CreatedAt)));

    /// <summary>One account, with everything that is known of it.</summary>
    public static Listing<UserJson> BeginOne(TextWriter output, bool isJson) => new(output, isJson, UserJsonContext.Default.UserJson,
        new("ID", user => user.Id.ToString()),
        new("USER NAME", user => user.Username),
        new("E-MAIL", user => user.Email),
        new("FULL NAME", user => user.FullName),
        new("ROLES", user => string.Join(' ', user.Roles)),
        new("ACTIVE", user => Listing.YesNo(user.IsActive)),
        new("VERIFIED", user => Listing.YesNo(user.IsVerified)),
        new("CREATED", user => Listing.Time(user.CreatedAt)),
        new("CHANGED", user => Listing.Time(user.UpdatedAt)),
        new("LAST SIGN-IN", user => Listing.Time(user.LastLoginAt)));
}
