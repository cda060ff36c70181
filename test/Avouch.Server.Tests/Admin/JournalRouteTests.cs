using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>The journal over HTTP: its filters, its pages, and all of it as lines.</summary>
public sealed class JournalRouteTests : ServerTests
{
    private const string Journal = "/api/v1/admin/journal";

    [Fact]
    public async Task The_newest_row_comes_first_and_has_a_shape()
    {
        var root = await Root();

        (await Client.Get($"{Journal}?limit=1&kind=user.role_changed", root)).Json.MustMatchGolden("journal");
        Assert.Equal("no-store", (await Client.Get(Journal, root)).Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Filters_let_through_what_they_name()
    {
        var alice = await Client.Join("alice");
        var root = await Root();
        var noon = Server.Time.GetUtcNow();
        Pass(TimeSpan.FromMinutes(1));
        var bob = await Client.Join("bob");
        await Client.Logout(bob);
        Pass(TimeSpan.FromMinutes(1));
        await Client.SignIn("alice");

        Assert.Equal(["session.started", "session.started", "user.registered"], await Kinds($"user={alice.Id()}", root));
        Assert.Equal(["session.ended", "session.started"], await Kinds($"user={bob.Id()}&kind=session", root));
        Assert.Equal(["session.started", "session.ended", "session.started", "user.registered"], await Kinds($"since={Format(noon.AddSeconds(1))}", root));
        Assert.Equal(["session.ended", "session.started", "user.registered"], await Kinds($"since={Format(noon.AddSeconds(1))}&until={Format(noon.AddMinutes(2))}", root));
        Assert.Equal(["session.started", "session.ended", "session.started"], await Kinds($"since={Format(noon.AddSeconds(1))}&kind=session", root));
        Assert.Equal(["session.ended"], await Kinds("kind=session.ended", root));
        Assert.Empty(await Kinds("kind=sess", root));
        Assert.Empty(await Kinds($"since={Format(noon.AddDays(1))}", root));
        Assert.Empty(await Kinds($"until={Format(noon.AddDays(-1))}", root));
        Assert.Empty(await Kinds($"user={Guid.CreateVersion7()}", root));
    }

    [Fact]
    public async Task The_reason_of_a_refusal_leads_to_its_row()
    {
        var bob = await Client.Join("bob");
        var root = await Root();
        await Server.Get<UserChanges>().SetRole(bob.Id(), Role.Guest);
        var refused = await Client.Me(bob);

        var row = Assert.Single((await Client.Get($"{Journal}?reason={refused.Reason}", root)).Json.GetProperty("rows").EnumerateArray());

        Assert.Equal((refused.Reason, "user.role_changed", "guest"), (row.Text("id"), row.Text("kind"), row.Text("detail")));
        Assert.Empty(await Kinds("reason=j-999999", root));
    }

    [Theory]
    [InlineData("reason=r-0HN", "reason")]
    [InlineData("reason=j-", "reason")]
    [InlineData("reason=j-9223372036854775808", "reason")]
    [InlineData("user=alice", "user")]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=2026-13-45T00:00:00Z", "since")]
    [InlineData("until=1", "until")]
    [InlineData("before=-1", "before")]
    [InlineData("limit=501", "limit")]
    [InlineData("actor=x", "actor")]
    public async Task What_is_not_understood_is_refused_by_name(string query, string field) =>
        Assert.Equal(field, (await Client.Get($"{Journal}?{query}", await Root())).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());

    [Fact]
    public async Task Pages_go_back_to_the_first_row_whatever_is_written_meanwhile()
    {
        var root = await Root();
        await Write(57, JournalKind.SignInFailed);
        var newest = (await Server.Journal())[^1].Seq;
        var seen = new List<long>();
        long? before = null;
        do
        {
            var page = (await Client.Get($"{Journal}?limit=10" + (before is null ? "" : $"&before={before}"), root)).Json;
            seen.AddRange(page.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("seq").GetInt64()));
            before = page.GetProperty("before").ValueKind == JsonValueKind.Null ? null : page.GetProperty("before").GetInt64();
            await Write(3, JournalKind.SignInFailed);
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(1, (int)newest).Select(seq => (long)seq).Reverse(), seen);
    }

    [Fact]
    public async Task All_of_it_comes_as_lines_and_limit_is_for_the_whole()
    {
        var root = await Root();
        await Write(1300, JournalKind.SignInFailed);

        var all = await Lines("", root);
        var some = await Lines("?kind=sign_in.failed&limit=1201", root);

        Assert.Equal((await Server.Journal()).Select(row => row.Seq).Reverse(), all.Select(line => line.GetProperty("seq").GetInt64()));
        Assert.Equal((1201, 1), (some.Count, some.Select(line => line.Text("kind")).Distinct().Count()));
        Assert.Empty(await Lines("?kind=nothing", root));
    }

    [Theory]
    [InlineData("user_id = x'00'", "SEARCH journal USING INDEX journal_by_user (user_id=?")]
    [InlineData("kind = 'session.ended'", "SEARCH journal USING INDEX journal_by_kind (kind=?")]
    [InlineData("TRUE", "SEARCH journal USING INTEGER PRIMARY KEY")]
    public async Task Every_filter_stands_on_an_index(string filter, string step)
    {
        var plan = await Server.Database.Read(statements => statements.List(
            $"EXPLAIN QUERY PLAN SELECT * FROM journal WHERE {filter} AND seq > 1 AND seq < 9 AND at >= 1 ORDER BY seq DESC LIMIT 5", static row => row.Text(3)));

        Assert.StartsWith(step, Assert.Single(plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_somebody_rules_out_are_not_sent()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        using var request = new HttpRequestMessage(HttpMethod.Get, Journal);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, application/x-ndjson;q=0");

        Assert.StartsWith("application/json", (await Client.Send(request, root.AccessToken)).Headers["Content-Type"], StringComparison.Ordinal);
    }

    private async Task<List<JsonElement>> Lines(string query, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Journal + query);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        var answer = await Client.Send(request, token);
        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (answer.Status, answer.Headers["Content-Type"]));
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private Task Write(int count, string kind) => Server.Database.Write(async transaction =>
    {
        for (var i = 0; i < count; i++) await Server.Get<SecurityJournal>().Add(transaction, new JournalEntry(kind, Server.Time.GetUtcNow()));
    }).AsTask();

    private async Task<List<string>> Kinds(string query, string token)
    {
        var answer = await Client.Get($"{Journal}?{query}", token);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Json.GetProperty("rows").EnumerateArray().Select(row => row.Text("kind"))];
    }

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string> Root() => (await Server.JoinAs(Client, "root", Role.Admin)).AccessToken;
}
