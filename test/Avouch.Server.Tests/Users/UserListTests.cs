using System.Net;
using System.Text.Json;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>The list of users: its pages, orders and filters, and that each of them stands on an index.</summary>
public sealed class UserListTests : ServerTests
{
    private const string Users = "/api/v1/users";

    [Fact]
    public async Task A_page_has_a_shape()
    {
        var root = await Root();

        (await Client.Get($"{Users}?limit=1", root)).Json.MustMatchGolden("users");
        Assert.Equal("no-store", (await Client.Get(Users, root)).Headers["Cache-Control"]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("skip=10001", "skip")]
    [InlineData("skip=1.5", "skip")]
    [InlineData("sort=password_hash", "sort")]
    [InlineData("sort=id;DROP TABLE users", "sort")]
    [InlineData("is_active=yes", "is_active")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("cursor=..%2F", "cursor")]
    [InlineData("isactive=true", "isactive")]
    [InlineData("Role=admin&limit=0", "limit, other")]
    public async Task What_is_not_understood_is_refused_by_name(string query, string fields) =>
        Assert.Equal(fields, (await Client.Get($"{Users}?{query}", await Root())).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());

    [Fact]
    [Trait("ASVS", "14.2.6")]
    public async Task A_page_has_a_hundred_at_most_and_skip_leaves_out_the_first()
    {
        var root = await Root();
        await Add(150);

        Assert.Equal(20, (await Page("", root)).Names.Count);
        var all = (await Walk("sort=username&limit=100", root)).ToList();
        Assert.Equal(151, all.Count);
        Assert.Equal(all.Skip(40).Take(7), (await Page("sort=username&skip=40&limit=7", root)).Names);
        Assert.Empty((await Page("skip=151", root)).Names);
    }

    [Theory]
    [InlineData("created_at"), InlineData("-created_at"), InlineData("username"), InlineData("-username")]
    [InlineData("email"), InlineData("-email"), InlineData("last_login_at"), InlineData("-last_login_at")]
    public async Task In_every_order_with_ties_and_nulls_each_comes_once(string sort)
    {
        var root = await Root();
        await Add(37, withNames: 9);   // all made and signed in at the same moment or never, most without a user name

        var walked = await Walk($"sort={sort}&limit=5", root);
        var backwards = await Walk($"sort={(sort[0] == '-' ? sort[1..] : "-" + sort)}&limit=7", root);

        Assert.Equal((38, 38), (walked.Count, walked.Distinct().Count()));
        Assert.Equal(walked, Enumerable.Reverse(backwards));
        if (sort == "email") Assert.Equal(walked.Order(StringComparer.Ordinal), walked);
    }

    [Theory]
    [InlineData("created_at"), InlineData("-username"), InlineData("email")]
    public async Task While_others_come_and_go_nobody_who_stays_is_missed_or_comes_twice(string sort)
    {
        var root = await Root();
        await Add(60);
        var staying = (await Walk("limit=100", root)).Where(name => !name.StartsWith("p1", StringComparison.Ordinal)).ToHashSet();
        var seen = new List<string>();
        string? cursor = null;
        var round = 0;
        do
        {
            var page = await Page($"sort={sort}&limit=6" + (cursor is null ? "" : $"&cursor={cursor}"), root);
            seen.AddRange(page.Names);
            cursor = page.Cursor;
            await Delete($"p1{round}@example.test");
            if (page.Names is [.., var last])
            {
                if (last.StartsWith("p1", StringComparison.Ordinal)) await Delete(last);   // the very row that the cursor stands on
            }
            else
            {
                Assert.Null(cursor);   // what was left behind the last cursor has gone
            }
            await Add(2, prefix: $"x{round++}-");
        }
        while (cursor is not null && round < 60);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Subset(seen.ToHashSet(), staying);
    }

    [Fact]
    public async Task A_cursor_tells_nothing_and_belongs_to_its_order()
    {
        var root = await Root();
        await Add(5);
        var cursor = (await Page("sort=email&limit=2", root)).Cursor!;

        Assert.DoesNotContain("example", System.Text.Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor)), StringComparison.Ordinal);
        (await Client.Get($"{Users}?sort=username&cursor={cursor}", root)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
        var flipped = (cursor[0] == 'A' ? 'B' : 'A') + cursor[1..];
        (await Client.Get($"{Users}?sort=email&cursor={flipped}", root)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
    }

    [Theory]
    [InlineData("ali", "alice@example.test")]
    [InlineData("ALI", "alice@example.test")]
    [InlineData("alice@exa", "alice@example.test")]
    [InlineData("bobby", "bob@example.test")]
    [InlineData("ＢＯＢ", "bob@example.test")]
    [InlineData("strasse", "eve@example.test")]
    [InlineData("Straße", "eve@example.test")]
    [InlineData("lice", "")]
    [InlineData("%", "")]
    [InlineData("_", "under@example.test")]
    [InlineData("a%", "")]
    [InlineData("' OR 1=1 --", "")]
    [InlineData("\U0010FFFF", "")]
    public async Task Q_is_the_beginning_of_a_name_or_an_address(string q, string found)
    {
        var root = await Root();
        await Server.Get<UserAccounts>().Add(new NewUser("alice", "alice@example.test", null, Role.User, "!"), null);
        await Server.Get<UserAccounts>().Add(new NewUser("bob", "bob@example.test", "Bobby Tables", Role.User, "!"), null);
        await Server.Get<UserAccounts>().Add(new NewUser(null, "eve@example.test", "Straße E.", Role.User, "!"), null);
        await Server.Get<UserAccounts>().Add(new NewUser("_x", "under@example.test", null, Role.User, "!"), null);

        Assert.Equal(found, string.Join(' ', (await Page($"q={Uri.EscapeDataString(q)}", root)).Names));
    }

    [Fact]
    public async Task Filters_narrow_together()
    {
        var root = await Root();
        await Server.AddRole("support");
        foreach (var name in (string[])["ann", "ben", "cat"]) await Client.Join(name);
        var ann = await Server.JoinAs(Client, "dan", "user", "support");
        await Server.Get<UserChanges>().Disable((await Find("ben")).Id);
        await Server.Get<UserChanges>().SetRoles((await Find("cat")).Id, ["guest", "support"]);

        Assert.Equal("root@example.test", string.Join(' ', (await Page("role=admin", root)).Names));
        Assert.Equal("cat@example.test dan@example.test", string.Join(' ', (await Page("role=support&sort=email", root)).Names));
        Assert.Equal("ben@example.test", string.Join(' ', (await Page("is_active=false", root)).Names));
        Assert.Equal("ann@example.test dan@example.test", string.Join(' ', (await Page("role=user&is_active=true&sort=email&is_verified=false", root)).Names));
        Assert.Empty((await Page("role=nobody", root)).Names);
        Assert.Equal((5, 4, 0), Totals((await Client.Get($"{Users}/stats/count", root)).Json));
        Assert.NotNull(ann);
    }

    [Fact]
    [Trait("ASVS", "8.2.3")]
    public async Task Members_see_names_of_active_people_where_a_setting_says_so_and_nothing_else()
    {
        var alice = await Client.Join("alice");
        (await Client.Get(Users, alice.AccessToken)).MustBe(HttpStatusCode.Forbidden, "missing_permission");
        await Restart(("AVOUCH_MEMBERS_SEE_NAMES", "true"));
        var bob = await Client.Join("bob");
        var gone = (await Client.Join("gone")).Id();
        await Server.Get<UserChanges>().Disable(gone);

        var page = await Client.Get(Users, alice.AccessToken);

        page.Json.MustMatchGolden("user-names");
        page.MustNotEcho("example.test", "gone", "is_active", "role");
        Assert.Empty((await Client.Get($"{Users}?q=bob@", alice.AccessToken)).Json.GetProperty("users").EnumerateArray());
        foreach (var query in (string[])["role=admin", "is_active=false", "is_verified=true", "sort=email"])
            (await Client.Get($"{Users}?{query}", alice.AccessToken)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
        var one = await Client.Get($"{Users}/{bob.Id()}", alice.AccessToken);
        Assert.Equal(["id", "username", "full_name"], one.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("bob", one.Json.Text("username"));
        (await Client.Get($"{Users}/{gone}", alice.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    public static TheoryData<string, string, bool> Queries
    {
        get
        {
            var queries = new TheoryData<string, string, bool>();
            foreach (var order in UserOrder.All)
                foreach (var filter in (string[])["", "role", "text", "names", "active", "after", "role text active after"])
                    foreach (var isRare in (bool[])[true, false]) queries.Add(order.Name, filter, isRare);
            return queries;
        }
    }

    /// <summary>A walk over a whole index in its order ends with the page; what must not be is the table read from end to end, or sorted.</summary>
    [Fact]
    public async Task No_order_and_no_filter_reads_the_whole_table()
    {
        foreach (var (order, filter, isRare) in Queries.Select(row => row.Data))
        {
            var query = new UserQuery(UserOrder.Find(order)!, 20)
            {
                Role = filter.Contains("role", StringComparison.Ordinal) ? "support" : null,
                Text = filter.Contains("text", StringComparison.Ordinal) || filter == "names" ? "a" : null,
                NamesOnly = filter == "names",
                IsActive = filter.Contains("active", StringComparison.Ordinal) ? true : null,
                After = filter.Contains("after", StringComparison.Ordinal) ? new UserMark(order, UserOrder.Find(order)!.IsText ? "a" : "1", Guid.Empty) : null,
            };
            var plan = await Plan(UserSearch.SqlOf(query, isRare));

            Assert.DoesNotContain(plan, step => step == "SCAN users");
            var isNarrowed = query.Text is not null || (query.Role is not null && isRare);
            if (!isNarrowed) Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
            if (query.After is not null && !isNarrowed) Assert.Contains(plan, step => step.StartsWith("SEARCH users USING", StringComparison.Ordinal));
        }
        Assert.Contains("SCAN users USING COVERING INDEX users_by_status", await Plan("SELECT is_active, is_verified, COUNT(*) FROM users GROUP BY is_active, is_verified"));
    }

    /// <summary>Parameters count as null to the planner, which chooses the same plan for any value.</summary>
    private async Task<List<string>> Plan(string sql)
    {
        var bare = System.Text.RegularExpressions.Regex.Replace(sql, "@[a-z_]+", "NULL").Replace("LIMIT NULL OFFSET NULL", "LIMIT 21 OFFSET 0", StringComparison.Ordinal).Replace("= NULL", "= 'x'", StringComparison.Ordinal);
        bare = bare.Replace(">= NULL", ">= 'x'", StringComparison.Ordinal).Replace("< NULL", "< 'y'", StringComparison.Ordinal).Replace("(NULL, NULL)", "('x', x'00')", StringComparison.Ordinal);
        return await Server.Database.Read(statements => statements.List("EXPLAIN QUERY PLAN " + bare, static row => row.Text(3)));
    }

    private async Task<string> Root() => (await Server.JoinAs(Client, "root", Role.Admin)).AccessToken;

    private Task Add(int count, int withNames = int.MaxValue, string prefix = "p") => Server.Database.Write(async transaction =>
    {
        for (var i = 0; i < count; i++)
        {
            var (name, email) = (i < withNames ? $"{prefix}{i}" : null, $"{prefix}{i}@example.test");
            var id = Guid.CreateVersion7(Server.Time.GetUtcNow());
            await transaction.Execute(
                """
                INSERT INTO users (id, username, username_key, email, email_key, role, roles, password_hash, is_active, is_verified, epoch, created_at, updated_at)
                VALUES (@id, @name, @name, @email, @email, 'user', 'user', '!', TRUE, FALSE, 1, @now, @now)
                """,
                ("id", id), ("name", name), ("email", email), ("now", Server.Time.GetUtcNow()));
        }
    }).AsTask();

    private async Task Delete(string email) => await Server.Database.Write(transaction => transaction.Execute("DELETE FROM users WHERE email = @email", ("email", email)));

    private async Task<User> Find(string name) => (await Server.Get<UserAccounts>().FindNamed(name))!;

    private async Task<(List<string> Names, string? Cursor)> Page(string query, string token)
    {
        var answer = await Client.Get($"{Users}?{query}", token);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return ([.. answer.Json.GetProperty("users").EnumerateArray().Select(user => user.Text("email"))], answer.Json.GetProperty("next_cursor").GetString());
    }

    private async Task<List<string>> Walk(string query, string token)
    {
        var all = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Page(query + (cursor is null ? "" : $"&cursor={cursor}"), token);
            all.AddRange(page.Names);
            cursor = page.Cursor;
        }
        while (cursor is not null);
        return all;
    }

    private static (int, int, int) Totals(JsonElement json) => (json.GetProperty("total").GetInt32(), json.GetProperty("active").GetInt32(), json.GetProperty("verified").GetInt32());
}
