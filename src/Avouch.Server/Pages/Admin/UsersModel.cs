using Avouch.Server.Users;
using Microsoft.AspNetCore.WebUtilities;

namespace Avouch.Server.Pages.Admin;

/// <summary>What the list of users is narrowed to, in the words of its address.</summary>
internal sealed record UserFilter(string? Text, string? Role, bool? IsActive, bool? IsVerified, UserOrder Order)
{
    /// <summary>The newest first: whoever administers looks for somebody who has just signed up more often than for the very first.</summary>
    public static readonly UserOrder Newest = UserOrder.ByCreation.Opposite;

    /// <summary>Whether it lets everybody through.</summary>
    public bool IsEmpty => this is { Text: null, Role: null, IsActive: null, IsVerified: null };

    /// <summary>The path of the list with these filters.</summary>
    public string Path => QueryHelpers.AddQueryString("/admin/users", new Dictionary<string, string?>
    {
        ["q"] = Text,
        ["role"] = Role,
        ["is_active"] = Word(IsActive),
        ["is_verified"] = Word(IsVerified),
        ["sort"] = Order == Newest ? null : Order.Name,
    });

    public string PathAfter(string cursor) => QueryHelpers.AddQueryString(Path, "after", cursor);

    public string PathBefore(string cursor) => QueryHelpers.AddQueryString(Path, "before", cursor);

    /// <summary>The list from which somebody came, and no other place.</summary>
    public static string Back(PageRequest page) =>
        page.ReturnTo is { } path && path.StartsWith("/admin/users?", StringComparison.Ordinal) ? path : "/admin/users";

    /// <summary>A page of one account that knows the way back to the list.</summary>
    public static string WithBack(string path, string back) => back == "/admin/users" ? path : QueryHelpers.AddQueryString(path, "return_to", back);

    /// <summary>As it stands in the address.</summary>
    public static string? Word(bool? flag) => flag switch { true => "true", false => "false", null => null };
}

/// <param name="Here">The path of this very page, to come back to.</param>
/// <param name="Found">Nothing where the filters could not be read.</param>
/// <param name="Totals">Of everybody; not where only the list is asked for.</param>
/// <param name="Roles">Those that can be chosen.</param>
internal sealed record UsersModel(UserFilter Filter, string Here, UserPage? Found, UserTotals? Totals, IReadOnlyList<string> Roles);
