using Avouch.Protocol;
using Avouch.Server.Http;
using Avouch.Server.Roles;
using Avouch.Server.Settings;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Users;

/// <summary>
/// <c>GET /api/v1/users</c>: everybody, a page at a time, for whoever may see users; where a setting says so, the names of active people for everybody
/// else.
/// </summary>
internal sealed class ListUsers(Guard guard, UserSearch search, AccessSettings settings)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    /// <summary>Rows that are skipped are read all the same; a cursor goes on where the last page ended.</summary>
    private const int MaxSkip = 10_000;

    /// <param name="NextCursor">For the next page; nothing on the last.</param>
    internal sealed record Answer(IReadOnlyList<UserJson> Users, string? NextCursor);

    internal sealed record NameItem(Guid Id, string? Username, string? FullName);

    internal sealed record NamesAnswer(IReadOnlyList<NameItem> Users, string? NextCursor);

    [EndpointSummary("List users")]
    [EndpointDescription("Users a page at a time. Needs `users:read`. With `AVOUCH_MEMBERS_SEE_NAMES` everybody who is signed in gets `id`, `username` and `full_name` of active users, with `q`, `limit`, `skip` and `cursor` alone. Go on with `next_cursor` and the same filters: nobody comes twice and nobody is missed, whoever is added or deleted meanwhile.")]
    [Tags("Users")]
    [TakesQuery("limit", "Users of a page: 1 to 100, 20 if left out.", "integer")]
    [TakesQuery("skip", "Users to leave out first, at most 10000. Beyond that: `cursor`.", "integer")]
    [TakesQuery("cursor", "The `next_cursor` of the page before.")]
    [TakesQuery("sort", "`created_at` (if left out), `username`, `email`, `last_login_at`; with `-` before it the other way round. What is missing counts as the smallest.")]
    [TakesQuery("q", "What the user name, the e-mail address or the full name begins with, whatever its case.")]
    [TakesQuery("role", "Only users who have this role.")]
    [TakesQuery("is_active", "Only active users, or only disabled ones.", "boolean")]
    [TakesQuery("is_verified", "Only users with a verified e-mail address, or only those without.", "boolean")]
    [Gives<Answer>(200, "A page.", UserExamples.Users)]
    [Refuses(401, 403, 422)]
    [TakesAccessToken]
    public async Task<IResult> Handle(HttpContext http, AccessToken token)
    {
        var seesAll = guard.Can(token, Permission.UsersRead);
        if (!seesAll && !settings.MembersSeeNames) return guard.RefuseNarrow(token, Permission.UsersRead) ?? Problems.MissingPermission(Permission.UsersRead);
        var reader = new QueryReader(http.Request.Query);
        var query = ReadPage(reader, seesAll ? ReadOrder(reader) : UserOrder.ByUsername);
        query = seesAll ? ReadFilters(reader, query) : query with { IsActive = true, NamesOnly = true };
        if (reader.RefuseFaults() is { } refusal) return refusal;
        http.Response.Headers.CacheControl = "no-store";
        var page = await search.List(query);
        return seesAll
            ? Results.Json(new Answer([.. page.Users.Select(UserJson.Of)], page.NextCursor), UsersApiJson.Default.ListUsersAnswer)
            : Results.Json(new NamesAnswer([.. page.Users.Select(user => new NameItem(user.Id, user.Username, user.FullName))], page.NextCursor), UsersApiJson.Default.ListUsersNamesAnswer);
    }

    private static UserOrder ReadOrder(QueryReader reader)
    {
        if (reader.Text("sort") is not { } name) return UserOrder.ByCreation;
        if (UserOrder.Find(name) is { } order) return order;
        reader.Fault("sort", $"Use one of {string.Join(", ", UserOrder.All.Select(order => order.Name))}.");
        return UserOrder.ByCreation;
    }

    private UserQuery ReadPage(QueryReader reader, UserOrder order)
    {
        var limit = reader.Number("limit", DefaultLimit, 1, MaxLimit);
        var skip = reader.Number("skip", 0, 0, MaxSkip);
        var after = reader.Text("cursor") is { } cursor ? search.OpenCursor(cursor) : null;
        if (reader.Text("cursor") is not null && after?.Order != order.Name) reader.Fault("cursor", "This is no cursor of this list in this order.");
        return new UserQuery(order, limit) { Skip = skip, After = after?.Order == order.Name ? after : null, Text = Blank(reader.Text("q")) };
    }

    private static UserQuery ReadFilters(QueryReader reader, UserQuery query) =>
        query with { Role = reader.Text("role"), IsActive = reader.Flag("is_active"), IsVerified = reader.Flag("is_verified") };

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
