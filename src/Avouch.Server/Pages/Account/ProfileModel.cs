using Avouch.Server.Users;

namespace Avouch.Server.Pages.Account;

/// <summary>What stands in the fields: as it is stored, or as it was typed.</summary>
internal sealed record ProfileModel(string? Username, string? FullName, string? Locale)
{
    /// <summary>The change of address that waits for its link.</summary>
    public PendingProof? Pending { get; init; }

    public static ProfileModel Of(User user) => new(user.Username, user.FullName, user.Locale);

    /// <summary>The languages to choose from, and the account's own where pages have another one: mails may be in it.</summary>
    public IEnumerable<(string Code, string Name)> Languages =>
        Locale is null || PageLanguage.All.Any(language => language.Code == Locale) ? PageLanguage.All : [.. PageLanguage.All, (Locale, Locale)];
}
