using Avouch.Server.Data;

namespace Avouch.Server.Users;

/// <summary>An account. <see cref="Id"/> never changes and is the <c>sub</c> of its tokens; name and address may change.</summary>
/// <param name="Role">The first of <see cref="Roles"/>: what clients know that know one.</param>
internal sealed record User(
    Guid Id,
    string? Username,
    string Email,
    string? FullName,
    string Role,
    bool IsActive,
    bool IsVerified,
    long Epoch,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastLoginAt,
    string? Locale,
    IReadOnlyList<string> Roles)
{
    /// <summary>What the person is called among people.</summary>
    public string DisplayName => FullName ?? Username ?? Email;

    /// <summary>The columns that <see cref="Read"/> takes, in its order.</summary>
    public const string Columns = "id, username, email, full_name, role, is_active, is_verified, epoch, created_at, updated_at, last_login_at, locale, roles";

    public const int ColumnCount = 13;

    public static User Read(Row row) => new(
        row.Id(0), row.TextOrNull(1), row.Text(2), row.TextOrNull(3), row.Text(4), row.Bool(5), row.Bool(6), row.Long(7),
        row.Time(8), row.Time(9), row.TimeOrNull(10), row.TextOrNull(11), UserRoles.Split(row.Text(12)));
}

/// <summary>The roles that exist everywhere.</summary>
internal static class Role
{
    public const string Admin = "admin";
    public const string User = "user";
    public const string Guest = "guest";

    public static readonly string[] All = [Admin, User, Guest];
}
