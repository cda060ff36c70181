using Avouch.Server.Http;
using Avouch.Server.Pages;
using Avouch.Server.Pages.Admin;
using Avouch.Server.Roles;
using Avouch.Server.Users;

namespace Avouch.Server.Endpoints.Administration;

/// <summary><c>/admin/users</c>: everybody, a page at a time. Of the same address a script gets the list alone (decision 125).</summary>
internal sealed class UserList(UserSearch search, RoleCatalogue roles)
{
    private const int PageSize = 25;

    /// <summary>Sent by our own script, which has the rest of the page already.</summary>
    private const string PartHeader = "Avouch-Part";

    public async Task<IResult> Show(PageRequest page)
    {
        var isPart = page.Http.Request.Headers[PartHeader] == "list";
        var reader = new QueryReader(page.Http.Request.Query);
        var filter = Read(reader);
        var query = Place(reader, new UserQuery(filter.Order, PageSize) { Text = filter.Text, Role = filter.Role, IsActive = filter.IsActive, IsVerified = filter.IsVerified });
        reader.Text("notice");
        if (reader.RefuseFaults() is { } refusal) return await page.Show<UsersPage>(new UsersModel(filter, filter.Path, null, null, RolesFor(page, filter)), refusal);
        var found = await search.List(query);
        var here = query.After is null ? filter.Path : page.Http.Request.Path + page.Http.Request.QueryString;
        if (isPart) return await page.Show<UsersPart>(new UsersModel(filter, here, found, null, []));
        return await page.Show<UsersPage>(new UsersModel(filter, here, found, await search.Count(), RolesFor(page, filter)));
    }

    private static UserFilter Read(QueryReader reader)
    {
        var order = UserFilter.Newest;
        if (reader.Text("sort") is { } name)
        {
            if (UserOrder.Find(name) is { } known) order = known;
            else reader.Fault("sort", "There is no such order.");
        }
        var text = reader.Text("q")?.Trim();
        return new UserFilter(text is { Length: > 0 } ? text : null, reader.Text("role"), reader.Flag("is_active"), reader.Flag("is_verified"), order);
    }

    /// <summary>A cursor that we cannot read narrows nothing: it leads to the first page.</summary>
    private UserQuery Place(QueryReader reader, UserQuery query)
    {
        var (after, before) = (reader.Text("after"), reader.Text("before"));
        var mark = (after ?? before) is { } cursor ? search.OpenCursor(cursor) : null;
        return mark?.Order == query.Order.Name ? query with { After = mark, IsBackwards = after is null } : query;
    }

    /// <summary>Whoever may not see roles chooses among those that are everywhere.</summary>
    private IReadOnlyList<string> RolesFor(PageRequest page, UserFilter filter)
    {
        IEnumerable<string> known = page.May(Permission.RolesRead) ? roles.Current.Roles.Select(role => role.Name) : Role.All;
        return [.. known.Concat(filter.Role is { } chosen ? [chosen] : []).Distinct().Order(StringComparer.Ordinal)];
    }
}
