using Avouch.Server.Data;
using Avouch.Server.Users;

namespace Avouch.Server.Sessions;

/// <summary>One sign-in on one device, from its first token to its end. Its refresh token is a function of its id and generation.</summary>
internal sealed record Session(
    Guid Id,
    Guid UserId,
    string ClientId,
    string Scope,
    long Generation,
    DateTimeOffset CreatedAt,
    DateTimeOffset RotatedAt,
    DateTimeOffset IdleUntil,
    DateTimeOffset ExpiresAt,
    DateTimeOffset AccessUntil,
    string? Address,
    string? Agent,
    DateTimeOffset? EndedAt,
    long? EndedBy,
    DateTimeOffset? ConfirmedAt)
{
    public const string Columns = "id, user_id, client_id, scope, generation, created_at, rotated_at, idle_until, expires_at, access_until, address, agent, ended_at, ended_by, confirmed_at";

    public const int ColumnCount = 15;

    /// <summary>When the person last showed their password in this session: at its begin, or later where a page asked again.</summary>
    public DateTimeOffset AuthenticatedAt => ConfirmedAt ?? CreatedAt;

    /// <summary>Refused at the very second, works one second before.</summary>
    public bool IsExpired(DateTimeOffset now) => IdleUntil <= now || ExpiresAt <= now;

    public static Session Read(Row row) => new(
        row.Id(0), row.Id(1), row.Text(2), row.Text(3), row.Long(4), row.Time(5), row.Time(6), row.Time(7), row.Time(8), row.Time(9),
        row.TextOrNull(10), row.TextOrNull(11), row.TimeOrNull(12), row.LongOrNull(13), row.TimeOrNull(14));
}

/// <summary>Who asks: kept for the list of devices and for the journal; never decides whether a token counts.</summary>
/// <param name="Network">Whom the address belongs to, as far as taking turns is concerned: an IPv6 customer has a /64 of them.</param>
internal readonly record struct Device(string? Address, string Network, string? Agent)
{
    /// <summary>A device token as it came, genuine or not: <see cref="KnownDevices"/> tells.</summary>
    public string? Token { get; init; }
}

/// <summary>What a sign-in or a refresh hands out: everything that the two tokens are made of.</summary>
internal sealed record Grant(
    Guid SessionId,
    long Generation,
    Guid UserId,
    IReadOnlyList<string> Roles,
    long Epoch,
    string ClientId,
    string Scope,
    DateTimeOffset AuthenticatedAt,
    DateTimeOffset RefreshUntil,
    DateTimeOffset ExpiresAt)
{
    public static Grant Read(Row row)
    {
        var (idle, absolute) = (row.Time(8), row.Time(9));
        return new Grant(row.Id(0), row.Long(1), row.Id(2), UserRoles.Split(row.Text(3)), row.Long(4), row.Text(5), row.Text(6), row.Time(7), idle < absolute ? idle : absolute, absolute);
    }

    /// <summary>The columns of <see cref="Read"/> in the RETURNING of a statement on <c>sessions</c>.</summary>
    public const string Columns =
        """
        id, generation, user_id, (SELECT roles FROM users WHERE users.id = user_id), (SELECT epoch FROM users WHERE users.id = user_id),
        client_id, scope, COALESCE(confirmed_at, created_at), idle_until, expires_at
        """;
}
