using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>What administrators see of mail, and what they may do about it. Nothing is sent here: a test says what became of a letter.</summary>
public sealed class MailRouteTests : ServerTests
{
    private const string Url = "/api/v1/admin/mail";

    [Fact]
    public async Task What_was_given_up_is_shown_with_its_reason_and_without_its_content()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var letter = await Bury("alice");

        var answer = await Client.Get(Url, root.AccessToken);

        answer.Json.MustMatchGolden("mail");
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        answer.MustNotEcho(letter.Token(), letter.Link().AbsolutePath);
        var sent = (await Client.Get($"{Url}?state=sent", root.AccessToken)).Json.GetProperty("mails");
        Assert.Equal(0, sent.GetArrayLength());
    }

    [Fact]
    public async Task Whoever_may_not_see_accounts_sees_no_address_not_even_in_the_words_of_a_server()
    {
        await Server.AddRole("postmaster", Permission.MailRead);
        var clerk = await Server.JoinAs(Client, "clerk", "postmaster");
        await Bury("alice");

        var answer = await Client.Get(Url, clerk.AccessToken);

        var mail = answer.Json.GetProperty("mails")[0];
        Assert.Equal(("a***@example.test", "550 <a***@example.test> is unknown here"), (mail.Text("to"), mail.Text("fault")));
        answer.MustNotEcho("alice");
    }

    [Theory]
    [InlineData("dead")]
    [InlineData("pending")]
    [InlineData("sent")]
    public async Task Pages_lead_from_the_newest_to_the_oldest(string state)
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        for (var i = 0; i < 5; i++) await Client.Register($"person{i}");
        await Write(state switch
        {
            "dead" => "UPDATE mail_outbox SET dead_at = created_at",
            "sent" => "UPDATE mail_outbox SET sent_at = created_at, letter = NULL",
            _ => "UPDATE mail_outbox SET attempts = 0",
        });
        var expected = (await Server.Database.Read(statements => statements.List("SELECT id FROM mail_outbox ORDER BY id DESC", static row => row.Id(0)))).ConvertAll(id => id.ToString());

        var found = new List<string>();
        for (string? before = ""; before is not null;)
        {
            var page = (await Client.Get($"{Url}?state={state}&limit=2{(before.Length > 0 ? "&before=" + before : "")}", root.AccessToken)).Json;
            Assert.InRange(page.GetProperty("mails").GetArrayLength(), 1, 2);
            found.AddRange(page.GetProperty("mails").EnumerateArray().Select(mail => mail.Text("id")));
            Assert.All(page.GetProperty("mails").EnumerateArray(), mail => Assert.Equal(state, mail.Text("state")));
            before = page.GetProperty("before").GetString();
        }

        Assert.Equal(expected, found);
        foreach (var other in (string[])["dead", "pending", "sent"])
            if (other != state) Assert.Equal(0, (await Client.Get($"{Url}?state={other}", root.AccessToken)).Json.GetProperty("mails").GetArrayLength());
    }

    [Theory]
    [InlineData("state=DEAD", "state")]
    [InlineData("state=dead&state=sent", "state")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("before=1", "before")]
    [InlineData("user=x", "user")]
    public async Task What_is_not_understood_is_refused_by_name(string query, string field)
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);

        Assert.Equal(field, (await Client.Get($"{Url}?{query}", root.AccessToken)).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
    }

    [Fact]
    public async Task A_dead_mail_is_sent_once_more_and_the_journal_says_who_wanted_it()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        await Bury("alice");
        var mail = (await Client.Get(Url, root.AccessToken)).Json.GetProperty("mails")[0];
        var (id, before) = (mail.Text("id"), (await Server.Journal())[^1].Seq);

        (await Client.Post($"{Url}/{id}/retry", root.AccessToken)).MustBeDone();
        (await Client.Post($"{Url}/{id}/retry", root.AccessToken)).MustBe(HttpStatusCode.Conflict, "mail_not_dead");

        var pending = Assert.Single((await Client.Get($"{Url}?state=pending", root.AccessToken)).Json.GetProperty("mails").EnumerateArray(), row => row.Text("id") == id);
        Assert.Equal((0, "pending"), (pending.GetProperty("attempts").GetInt32(), pending.Text("state")));
        var row = Assert.Single(await Server.Journal(before));
        Assert.Equal((JournalKind.MailRetried, mail.GetProperty("user_id").GetGuid(), (Guid?)root.Id(), MailTemplate.VerifyEmail), (row.Kind, row.UserId!.Value, row.ActorId, row.Detail));
    }

    [Fact]
    public async Task What_is_not_there_or_not_dead_is_not_sent_again()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        await Client.Register("alice");
        var rows = await Server.Count("journal");
        var waiting = (await Client.Get($"{Url}?state=pending", root.AccessToken)).Json.GetProperty("mails")[0].Text("id");
        await Write("UPDATE mail_outbox SET dead_at = created_at, letter = NULL WHERE user_id = @user", root.Id());
        var empty = (await Client.Get(Url, root.AccessToken)).Json.GetProperty("mails")[0].Text("id");

        foreach (var id in (string[])["1", Guid.CreateVersion7().ToString()]) (await Client.Post($"{Url}/{id}/retry", root.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
        foreach (var id in (string[])[waiting, empty]) (await Client.Post($"{Url}/{id}/retry", root.AccessToken)).MustBe(HttpStatusCode.Conflict, "mail_not_dead");

        Assert.Equal(rows, await Server.Count("journal"));
    }

    [Theory]
    [InlineData("sent_at IS NULL AND dead_at IS NULL", "mail_outbox_list_pending")]
    [InlineData("sent_at IS NULL AND dead_at IS NOT NULL", "mail_outbox_list_dead")]
    [InlineData("sent_at IS NOT NULL", "mail_outbox_list_sent")]
    public async Task Every_page_stands_on_an_index(string filter, string index)
    {
        var plan = await Server.Database.Read(statements => statements.List(
            $"EXPLAIN QUERY PLAN SELECT * FROM mail_outbox WHERE {filter} AND id < x'ff' ORDER BY id DESC LIMIT 5", static row => row.Text(3)));

        Assert.Equal([$"SEARCH mail_outbox USING INDEX {index} (id<?)"], plan);
    }

    /// <summary>Somebody signs up, and their address takes no mail.</summary>
    private async Task<Letter> Bury(string name)
    {
        var id = Guid.Empty;
        var letter = await Server.MailedOne(MailTemplate.VerifyEmail, async () => id = (await Client.Register(name)).GetProperty("id").GetGuid());
        await Write($"UPDATE mail_outbox SET dead_at = created_at, attempts = 1, fault = '550 <{name}@example.test> is unknown here' WHERE user_id = @user", id);
        return letter;
    }

    private ValueTask<int> Write(string sql, Guid user = default) =>
        Server.Database.Write(transaction => user == default ? transaction.Execute(sql) : transaction.Execute(sql, ("user", user)));
}
