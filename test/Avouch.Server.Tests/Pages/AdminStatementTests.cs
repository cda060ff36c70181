using Avouch.Server.Endpoints.Administration;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Pages;
using Avouch.Server.Passwords;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;
using Microsoft.AspNetCore.Http;

namespace Avouch.Server.Tests.Pages;

/// <summary>What pages about users ask of the database: a few statements, however many there are, each of them on an index.</summary>
public sealed class AdminStatementTests : ServerTests
{
    private const string Totals = "SELECT is_active, is_verified, COUNT(*) FROM users GROUP BY is_active, is_verified";

    [Theory]
    [InlineData("", 2)]
    [InlineData("?q=p&is_active=true&sort=email", 2)]
    [InlineData("?role=user", 3)]
    public async Task The_list_asks_as_often_for_sixty_people_as_for_one(string query, int statements)
    {
        var few = await Ask(query);
        for (var i = 0; i < 60; i++) await Server.Add($"p{i}", $"p{i}@example.test");

        var many = await Ask(query);

        Assert.Equal((statements, statements), (few.Count, many.Count));
        Assert.Equal(few, many);   // the very same texts: those that UserListTests explains
        Assert.Contains(Totals, many);
    }

    [Fact]
    public async Task Walking_back_is_the_opposite_order_from_the_same_place()
    {
        for (var i = 0; i < 60; i++) await Server.Add($"p{i}", $"p{i}@example.test");
        var search = Server.Get<UserSearch>();
        var first = await search.List(new UserQuery(UserOrder.ByUsername, 25));
        var second = await search.List(new UserQuery(UserOrder.ByUsername, 25) { After = search.OpenCursor(first.NextCursor!) });
        var observed = new ObservedDatabase(Server.Database);

        var back = await new UserSearch(observed, Server.Get<MasterKeys>()).List(new UserQuery(UserOrder.ByUsername, 10) { After = search.OpenCursor(second.PreviousCursor!), IsBackwards = true });

        Assert.Equal(first.Users.Skip(15).Take(10), back.Users, (a, b) => a.Id == b.Id);
        var walked = new UserQuery(UserOrder.ByUsername.Opposite, 10) { After = search.OpenCursor(second.PreviousCursor!) };
        Assert.Equal([UserSearch.SqlOf(walked, isRare: false)], observed.Asked);
    }

    [Fact]
    public async Task One_account_is_six_statements_whatever_it_has_done()
    {
        var root = await Visitor();
        for (var i = 0; i < 12; i++) await Client.SignIn("root");
        var observed = new ObservedDatabase(Server.Database);
        var view = new UserView(Server.Get<Guard>(), new UserAccounts(observed, Server.Get<SecurityJournal>(), Server.Get<PasswordCosts>(), Server.Time),
            new AccountLocks(observed, Server.Get<SecurityJournal>(), Server.Get<Outbox>(), Server.Get<LimitSettings>(), Server.Time),
            new UserSessions(observed, Server.Get<SecurityJournal>(), Server.Get<AccountLocks>(), Server.Get<ResourceServer.RevocationView>(), Server.Get<SessionSettings>(), Server.Time),
            new JournalSearch(observed), new Outbox(observed, Server.Get<MasterKeys>(), Server.Get<SecurityJournal>(), Server.Time));
        var page = Page("", root);
        page.Http.Request.RouteValues["id"] = root.User.Id.ToString("D");

        Assert.IsType<RenderedPage>(await view.Show(page));

        Assert.Equal(6, observed.Asked.Count);
    }

    [Fact]
    public async Task Holders_of_roles_are_counted_off_the_key()
    {
        Assert.DoesNotContain(await Plan("SELECT role, COUNT(*) FROM user_roles GROUP BY role"), step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        Assert.Contains(await Plan("SELECT COUNT(*) FROM user_roles WHERE role = 'x'"), step => step.StartsWith("SEARCH user_roles USING", StringComparison.Ordinal));
        Assert.Contains(
            await Plan("SELECT id, template, created_at, sent_at, dead_at FROM mail_outbox WHERE user_id = x'00' AND sent_at IS NULL ORDER BY id DESC LIMIT 10"),
            step => step.StartsWith("SEARCH mail_outbox USING INDEX mail_outbox_by_user", StringComparison.Ordinal));
    }

    private async Task<List<string>> Ask(string query)
    {
        var observed = new ObservedDatabase(Server.Database);
        var result = await new UserList(new UserSearch(observed, Server.Get<MasterKeys>()), Server.Get<RoleCatalogue>()).Show(Page(query, await Visitor()));
        Assert.Null(Assert.IsType<RenderedPage>(result).Refusal);
        return observed.Asked;
    }

    private async Task<PageVisitor> Visitor()
    {
        if (await Server.Get<UserAccounts>().FindNamed("root") is null) await Server.JoinAs(Client, "root", Role.Admin);
        var user = await Server.Find("root");
        return new PageVisitor((await Server.Get<UserSessions>().List(user.Id))[0], user);
    }

    private PageRequest Page(string query, PageVisitor visitor)
    {
        var http = new DefaultHttpContext();
        http.Request.Path = "/admin/users";
        http.Request.QueryString = new QueryString(query);
        return new PageRequest(http, Server.Get<PageKit>(), visitor, FormCollection.Empty);
    }

    private async Task<List<string>> Plan(string sql) => await Server.Database.Read(statements => statements.List("EXPLAIN QUERY PLAN " + sql, static row => row.Text(3)));
}
