using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Races;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>What an administrator does to accounts, what it leaves in the journal, and what races come to.</summary>
public sealed class AdministrationTests : ServerTests
{
    [Fact]
    public async Task An_account_that_an_administrator_makes_works_and_names_its_maker()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);

        var added = await Client.PostJson("/api/v1/users", new { username = "bob", email = "Bob@Example.test", password = TestClient.Password, full_name = "Bob", locale = "de" }, root.AccessToken);

        Assert.Equal(HttpStatusCode.Created, added.Status);
        Assert.Equal(("bob", "user", false, "de"), (added.Json.Text("username"), added.Json.Text("role"), added.Json.GetProperty("is_verified").GetBoolean(), added.Json.Text("locale")));
        await Client.SignIn("bob");
        var row = Assert.Single(await Server.Journal(), row => row.Kind == JournalKind.UserRegistered && row.ActorId is not null);
        Assert.Equal((root.Id(), null), (row.ActorId, row.Address));
        (await Client.PostJson("/api/v1/users", new { email = "bob@example.TEST", password = TestClient.Password }, root.AccessToken)).MustBe(HttpStatusCode.Conflict, "email_taken");
        (await Client.PostJson("/api/v1/users", new { email = "c@example.test", username = "BOB", password = TestClient.Password }, root.AccessToken)).MustBe(HttpStatusCode.Conflict, "username_taken");
    }

    [Fact]
    public async Task Without_a_password_nobody_gets_in_with_any()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);

        var added = await Client.PostJson("/api/v1/users", new { email = "bob@example.test" }, root.AccessToken);
        Assert.Equal(HttpStatusCode.Created, added.Status);
        var mail = await Server.Database.Read(statements => UserMail.List(statements, added.Json.GetProperty("id").GetGuid(), Guid.Empty, 10));
        Assert.Equal([MailTemplate.ResetPassword], mail.Select(letter => letter.Template));

        foreach (var password in (string[])["!", "password", "null"])
            (await Client.PostJson("/api/v1/auth/login", new { username = "bob@example.test", password })).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Theory]
    [InlineData("""{"email":"x"}""", "email")]
    [InlineData("""{"email":"a@example.test","password":"short"}""", "password")]
    [InlineData("""{"email":"a@example.test","role":"user","roles":["user"]}""", "role")]
    [InlineData("""{"email":"a@example.test","roles":[]}""", "roles")]
    [InlineData("""{"email":"a@example.test","roles":["ADMIN"]}""", "roles")]
    [InlineData("""{"email":"a@example.test","locale":"x"}""", "locale")]
    public async Task A_bad_account_is_not_made(string body, string field)
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);

        var answer = await Client.PostRaw("/api/v1/users", "application/json", body, root.AccessToken);

        Assert.Equal(field, answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
        Assert.Equal(1, await Server.Count("users"));
    }

    [Fact]
    public async Task Several_changes_at_once_are_all_made_or_none()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var bob = await Client.Join("bob");
        var url = $"/api/v1/users/{bob.Id()}";
        await Server.Database.Write(transaction => transaction.Execute("UPDATE users SET is_verified = TRUE WHERE id = @id", ("id", bob.Id())));
        var before = (await Server.Journal())[^1].Seq;

        (await Client.Patch(url, new { full_name = "B", is_active = false, email = "root@example.test" }, root.AccessToken)).MustBe(HttpStatusCode.Conflict, "email_taken");
        Assert.Empty(await Server.Journal(before));
        var done = await Client.Patch(url, new { full_name = "Bob", email = "new@example.test", role = "guest", is_active = false }, root.AccessToken);

        Assert.Equal(("Bob", "new@example.test", "guest", false, false), (done.Json.Text("full_name"), done.Json.Text("email"), done.Json.Text("role"), done.Json.GetProperty("is_active").GetBoolean(), done.Json.GetProperty("is_verified").GetBoolean()));
        var rows = await Server.Journal(before);
        Assert.Equal([JournalKind.UserEdited, JournalKind.EmailChanged, JournalKind.RoleChanged, JournalKind.UserDisabled, JournalKind.SessionEnded], rows.Select(row => row.Kind));
        Assert.All(rows.SkipLast(1), row => Assert.Equal((bob.Id(), root.Id()), (row.UserId, row.ActorId)));
        Assert.Equal("full_name", rows[0].Detail);
        (await Client.Me(bob)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    [Trait("ASVS", "7.4.5")]
    public async Task Everybody_can_be_signed_out_and_stays_so_after_a_restart()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var alice = await Client.Join("alice");

        var answer = await Client.Post("/api/v1/admin/sessions/end", root.AccessToken);

        Assert.Equal("2 sessions have ended.", answer.Json.Text("message"));
        for (var round = 0; round < 2; round++)
        {
            foreach (var tokens in (Tokens[])[root, alice])
            {
                (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
                (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
            }
            await Restart();
        }
        var row = Assert.Single(await Server.Journal(), row => row.Kind == JournalKind.SessionsEnded);
        Assert.Equal((root.Id(), $"j-{row.Seq}"), (row.ActorId, (await Client.Me(alice)).Reason));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(await Client.SignIn("alice"))).Status);
    }

    [Fact]
    public async Task Whoever_signs_in_within_the_same_second_is_let_in_also_after_a_restart()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var before = await Client.Join("alice");
        await Client.Post("/api/v1/admin/sessions/end", root.AccessToken);

        var after = await Client.SignIn("alice");

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Client.Me(after)).Status);
            (await Client.Me(before)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
            await Restart();
        }
        Assert.Equal(HttpStatusCode.OK, (await Client.TryRefresh(after.RefreshToken)).Status);
    }

    [Fact]
    [Trait("ASVS", "7.4.5")]
    public async Task One_user_is_signed_out_everywhere_and_the_journal_names_who_did_it()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var (one, two) = (await Client.Join("bob"), await Client.SignIn("bob"));
        var alice = await Client.Join("alice");

        Assert.Equal("2 sessions have ended.", (await Client.Post($"/api/v1/admin/users/{one.Id()}/sessions/end", root.AccessToken)).Json.Text("message"));

        foreach (var tokens in (Tokens[])[one, two]) (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(alice)).Status);
        Assert.All((await Server.Journal()).Where(row => row.Kind == JournalKind.SessionEnded), row => Assert.Equal((root.Id(), EndReason.EndedByAdmin), (row.ActorId!.Value, row.Detail)));
        await Client.SignIn("bob");
    }

    [Fact]
    public async Task Of_two_administrators_who_throw_each_other_out_at_once_one_stays()
    {
        for (var round = 0; round < 5; round++)
        {
            var (a, b) = (await Server.JoinAs(Client, $"a{round}", Role.Admin), await Server.JoinAs(Client, $"b{round}", Role.Admin));
            using var race = new Race(Server);

            var answers = await race.Run((client, i) => (i % 4) switch
            {
                0 => client.Patch($"/api/v1/users/{b.Id()}", new { role = "user" }, a.AccessToken),
                1 => client.Post($"/api/v1/admin/users/{a.Id()}/disable", b.AccessToken),
                2 => client.Delete($"/api/v1/users/{a.Id()}", b.AccessToken),
                _ => client.Patch($"/api/v1/users/{a.Id()}", new { is_active = false }, b.AccessToken),
            });

            Assert.True(await Server.Get<UserAccounts>().HasAdmin());
            Assert.DoesNotContain(answers, answer => (int)answer.Status >= 500);
            foreach (var id in (Guid[])[a.Id(), b.Id()]) await Server.Get<UserChanges>().Delete(id);
        }
    }

    [Theory, InlineData("demote"), InlineData("disable"), InlineData("delete")]
    public async Task Whoever_refreshes_at_that_very_moment_gets_nothing_old(string action)
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var bob = await Server.JoinAs(Client, "bob", Role.Admin);
        using var race = new Race(Server);

        var answers = await race.Run((client, i) => i != 0 ? client.TryRefresh(bob.RefreshToken) : action switch
        {
            "demote" => client.Patch($"/api/v1/users/{bob.Id()}", new { role = "user" }, root.AccessToken),
            "disable" => client.Post($"/api/v1/admin/users/{bob.Id()}/disable", root.AccessToken),
            _ => client.Delete($"/api/v1/users/{bob.Id()}", root.AccessToken),
        });

        Assert.True((int)answers[0].Status < 300);
        foreach (var tokens in answers.Skip(1).Where(answer => answer.Status == HttpStatusCode.OK).Select(Tokens.Of).Append(bob))
        {
            var opened = await Client.Get("/api/v1/users/stats/count", tokens.AccessToken);
            Assert.Contains(opened.Code, (string?[])["token_stale", "session_ended", "missing_permission"]);
            if (action != "demote") (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        }
    }
}
