using Avouch.Server.Data;
using Avouch.Server.Keys;

namespace Avouch.Server.Users;

/// <summary>Which users somebody wants to see, and how many at once; what is left out lets everybody through.</summary>
internal sealed record UserQuery(UserOrder Order, int Limit)
{
    public string? Role { get; init; }

    /// <summary>What the user name, the e-mail address or the full name begins with, whatever its case.</summary>
    public string? Text { get; init; }

    public bool? IsActive { get; init; }

    public bool? IsVerified { get; init; }

    /// <summary>Whether the e-mail address is not to be searched: whoever may not see it must not find it out letter by letter.</summary>
    public bool NamesOnly { get; init; }

    public int Skip { get; init; }

    public UserMark? After { get; init; }

    /// <summary>Whether the page is the one before <see cref="After"/>; its users stand in the same order.</summary>
    public bool IsBackwards { get; init; }
}

/// <summary>One page, and the cursor of the next where there is one.</summary>
internal sealed record UserPage(IReadOnlyList<User> Users, string? NextCursor)
{
    /// <summary>For a walk backwards; nothing on the first page.</summary>
    public string? PreviousCursor { get; init; }
}

/// <summary>How many accounts there are.</summary>
internal sealed record UserTotals(long Total, long Active, long Verified);

/// <summary>Finds users among many: every order and every filter stands on an index.</summary>
internal sealed class UserSearch(Database database, MasterKeys keys)
{
    /// <summary>So many people who have a role are sorted faster than all users are looked through for them.</summary>
    private const int FewHolders = 1000;

    public UserMark? OpenCursor(string text) => UserMark.Open(text, keys);

    public ValueTask<UserPage> List(UserQuery query) => database.Read(async statements =>
    {
        var isRare = query.Role is { } role && await IsRare(statements, role);
        return query is { IsBackwards: true, After: not null } ? await ListBefore(statements, query, isRare) : await ListFrom(statements, query, isRare);
    });

    private async ValueTask<UserPage> ListFrom(Statements statements, UserQuery query, bool isRare)
    {
        var rows = await Read(statements, query, query.Order, isRare);
        var hasMore = rows.Count > query.Limit;
        if (hasMore) rows.RemoveAt(query.Limit);
        var hasFewer = query.After is not null && rows.Count > 0;
        return new UserPage(rows.ConvertAll(row => row.User), hasMore ? rows[^1].Mark.Seal(keys) : null) { PreviousCursor = hasFewer ? rows[0].Mark.Seal(keys) : null };
    }

    /// <summary>One more than a page holds, to see whether there is another. Marks are of the order that is shown, whichever way it is walked.</summary>
    private static ValueTask<List<(User User, UserMark Mark)>> Read(Statements statements, UserQuery query, UserOrder walked, bool isRare) => statements.List(
        SqlOf(query with { Order = walked }, isRare), row => (User: User.Read(row), Mark: UserMark.Read(row, query.Order, User.ColumnCount)), [.. ParametersOf(query)]);

    /// <summary>The page before a place: walked from there in the opposite order. Where fewer are left than a page holds, the first page is shown.</summary>
    private async ValueTask<UserPage> ListBefore(Statements statements, UserQuery query, bool isRare)
    {
        var rows = await Read(statements, query, query.Order.Opposite, isRare);
        if (rows.Count <= query.Limit) return await ListFrom(statements, query with { After = null, IsBackwards = false }, isRare);
        rows.RemoveAt(query.Limit);
        rows.Reverse();
        return new UserPage(rows.ConvertAll(row => row.User), rows[^1].Mark.Seal(keys)) { PreviousCursor = rows[0].Mark.Seal(keys) };
    }

    /// <summary>Read off an index that holds nothing but the two flags.</summary>
    public ValueTask<UserTotals> Count() => database.Read(async statements =>
    {
        var groups = await statements.List(
            "SELECT is_active, is_verified, COUNT(*) FROM users GROUP BY is_active, is_verified",
            static row => (IsActive: row.Bool(0), IsVerified: row.Bool(1), Count: row.Long(2)));
        return new UserTotals(groups.Sum(group => group.Count), groups.Where(group => group.IsActive).Sum(group => group.Count), groups.Where(group => group.IsVerified).Sum(group => group.Count));
    });

    /// <summary>The statement of a query. Of a role that few have, its holders are sorted; of one that many have, all users are walked in order.</summary>
    internal static string SqlOf(UserQuery query, bool isRare)
    {
        var (order, direction, beyond) = (query.Order, query.Order.IsDescending ? "DESC" : "ASC", query.Order.IsDescending ? '<' : '>');
        return $"""
            SELECT {User.Columns}, id, {order.Key}
              FROM users
             WHERE {FlagFilter("is_active", query.IsActive)}
               AND {FlagFilter("is_verified", query.IsVerified)}
               AND {RoleFilter(query, isRare)}
               AND {TextFilter(query)}
               AND {(query.After is null ? "TRUE" : $"{order.Key} {beyond}= @key AND ({order.Key}, id) {beyond} (@key, @id)")}
             ORDER BY {order.Key} {direction}, id {direction}
             LIMIT @limit OFFSET @skip
            """;
    }

    /// <summary>
    /// Written so that it is read beside the order in its index. As a plain comparison it would tempt a planner to fetch half of all users by their
    /// status, and to sort them.
    /// </summary>
    private static string FlagFilter(string column, bool? wanted) => wanted is null ? "TRUE" : $"CASE WHEN {column} THEN TRUE ELSE FALSE END = @{column}";

    private static string RoleFilter(UserQuery query, bool isRare) => (query.Role, isRare) switch
    {
        (null, _) => "TRUE",
        (_, true) => "id IN (SELECT user_id FROM user_roles WHERE role = @role)",
        _ => "EXISTS (SELECT 1 FROM user_roles WHERE role = @role AND user_id = users.id)",
    };

    private static string TextFilter(UserQuery query)
    {
        if (query.Text is null) return "TRUE";
        var names = $"SELECT id FROM users WHERE {Begins("username_key")} UNION SELECT id FROM users WHERE {Begins("full_name_key")}";
        return query.NamesOnly ? $"id IN ({names})" : $"id IN ({names} UNION SELECT id FROM users WHERE {Begins("email_key")})";
    }

    private static string Begins(string column) => $"({column} >= @text AND {column} < @text_end)";

    private static List<(string, SqlValue)> ParametersOf(UserQuery query)
    {
        List<(string, SqlValue)> parameters = [("limit", query.Limit + 1), ("skip", query.Skip)];
        if (query.IsActive is { } isActive) parameters.Add(("is_active", isActive));
        if (query.IsVerified is { } isVerified) parameters.Add(("is_verified", isVerified));
        if (query.Role is { } role) parameters.Add(("role", role));
        if (query.Text is { } text) parameters.AddRange([("text", NameKey.Of(text)), ("text_end", NameKey.Of(text) + Last)]);
        if (query.After is { } mark) parameters.AddRange([("key", mark.ToValue(query.Order)), ("id", mark.Id)]);
        return parameters;
    }

    /// <summary>Sorts behind every letter that a name may hold.</summary>
    private const string Last = "\U0010FFFF";

    private static async ValueTask<bool> IsRare(Statements statements, string role) => await statements.Find(
        "SELECT COUNT(*) FROM (SELECT 1 FROM user_roles WHERE role = @role LIMIT @few) AS some", static row => row.Long(0), ("role", role), ("few", FewHolders + 1)) <= FewHolders;
}
