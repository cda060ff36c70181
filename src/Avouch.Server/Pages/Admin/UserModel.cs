using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Sessions;
using Avouch.Server.Users;

namespace Avouch.Server.Pages.Admin;

/// <summary>Everything about one account at a glance.</summary>
/// <param name="MayChange">Whether the account may do no more than the visitor, and is not the visitor's own.</param>
internal sealed record UserModel(User User, bool IsOwn, bool MayChange)
{
    public bool IsLocked { get; init; }

    /// <summary>Nothing where the lock does not end by itself.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    public IReadOnlyList<Session> Sessions { get; init; } = [];

    /// <summary>The newest rows; nothing for whoever may not read the journal.</summary>
    public IReadOnlyList<JournalEntry>? Journal { get; init; }

    /// <summary>What people in these rows are called.</summary>
    public IReadOnlyDictionary<Guid, string> Names { get; init; } = new Dictionary<Guid, string>();

    /// <summary>Mail that was not sent; nothing for whoever may not see mail.</summary>
    public IReadOnlyList<MailFact>? Mail { get; init; }
}

/// <summary>What was typed about somebody's names, address and language.</summary>
/// <param name="User">Whose account it is.</param>
internal sealed record EditUserModel(User User, string? Username, string? FullName, string? Email, string? Locale);

/// <summary>A role that can be given, or why not.</summary>
/// <param name="IsBeyond">It may do more than the visitor.</param>
internal sealed record RoleChoice(string Name, string? Description, bool IsTicked, bool IsBeyond);

/// <summary>A form with boxes for roles.</summary>
internal interface IHasRoles
{
    IReadOnlyList<RoleChoice> Roles { get; }
}

internal sealed record UserRolesModel(User User, IReadOnlyList<RoleChoice> Roles) : IHasRoles;

/// <summary>What was typed about somebody new; never the password.</summary>
/// <param name="Roles">Those that the visitor may give.</param>
internal sealed record NewUserModel(string? Username, string? FullName, string? Email, string? Locale, IReadOnlyList<RoleChoice> Roles) : IHasRoles;
