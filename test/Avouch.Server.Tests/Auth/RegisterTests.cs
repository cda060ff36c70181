using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

public sealed class RegisterTests : ServerTests
{
    private const string Url = "/api/v1/auth/register";

    [Fact]
    public async Task A_new_account_is_answered_as_it_was_typed()
    {
        var answer = await Client.PostJson(Url, new { username = "Alice", email = "Alice@Example.test", password = TestClient.Password, full_name = "Alice Liddell" });

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal("Alice", answer.Json.Text("username"));
        Assert.Equal("Alice@Example.test", answer.Json.Text("email"));
        Assert.Equal("Alice Liddell", answer.Json.Text("full_name"));
        Assert.Equal("user", answer.Json.Text("role"));
        Assert.True(answer.Json.GetProperty("is_active").GetBoolean());
        Assert.False(answer.Json.GetProperty("is_verified").GetBoolean());
        Assert.Equal(Server.Time.GetUtcNow(), answer.Json.GetProperty("created_at").GetDateTimeOffset());
        answer.MustNotEcho(TestClient.Password, "argon2");
    }

    [Fact]
    public async Task User_name_and_full_name_may_be_left_out()
    {
        var answer = await Client.PostJson(Url, new { email = "alice@example.test", password = TestClient.Password });

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.Json.GetProperty("username").ValueKind);
        await Client.SignIn("alice@example.test");
    }

    [Fact]
    [Trait("ASVS", "7.6.2")]
    public async Task An_account_is_journaled_once_and_nobody_is_signed_in_by_it()
    {
        var before = (await Server.Journal()).Count;

        var user = await Client.Register("alice");

        var entry = Assert.Single((await Server.Journal()).Skip(before));
        Assert.Equal((JournalKind.UserRegistered, (Guid?)user.GetProperty("id").GetGuid()), (entry.Kind, entry.UserId));
        Assert.Equal(0, await Server.Count("sessions"));
    }

    [Theory]
    [InlineData("alice", "other@example.test", "username_taken")]
    [InlineData("other", "alice@example.test", "email_taken")]
    [InlineData("alice", "alice@example.test", "email_taken")]
    public async Task What_is_taken_is_answered_409_and_changes_nothing(string username, string email, string code)
    {
        await Client.Register("alice");
        var rows = (await Server.Journal()).Count;

        var answer = await Client.PostJson(Url, new { username, email, password = TestClient.Password });

        answer.MustBe(HttpStatusCode.Conflict, code).MustNotEcho(TestClient.Password);
        Assert.Equal(1, await Server.Count("users"));
        Assert.Equal(rows, (await Server.Journal()).Count);
    }

    [Theory]
    [InlineData("username")]
    [InlineData("email")]
    public async Task Two_registrations_at_once_make_one_account(string same)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Client.PostJson(Url, new
        {
            username = same == "username" ? "alice" : $"alice{n}",
            email = same == "email" ? "alice@example.test" : $"alice{n}@example.test",
            password = TestClient.Password,
        })));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.Conflict && answer.Code == same + "_taken"));
        Assert.Equal(1, await Server.Count("users"));
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserRegistered);
    }

    [Fact]
    public async Task Each_field_gets_its_own_sentence_and_all_are_told_at_once()
    {
        var answer = await Client.PostJson(Url, new { username = "a@b", email = "nobody", password = "short", full_name = new string('x', 201) });

        answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
        Assert.Equal("email, full_name, password, username", answer.Fields());
        Assert.Equal(0, await Server.Count("users"));
    }

    // ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11
    [Theory]
    [InlineData("1234567", false)]
    [InlineData("correct8", true)]
    [InlineData("password1", false)]
    [InlineData("alice1234", false)]
    [InlineData("Liddell!!", false)]
    [InlineData("zqvjxwkpfm", true)]
    [InlineData("日本語の長い合言葉です", true)]
    public async Task A_password_is_long_enough_not_common_and_not_made_of_the_name(string password, bool isGood)
    {
        var answer = await Client.PostJson(Url, new { username = "alice", email = "alice@example.test", password, full_name = "Alice Liddell" });

        if (isGood)
        {
            Assert.Equal(HttpStatusCode.Created, answer.Status);
            return;
        }
        answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").MustNotEcho(password);
        Assert.Equal("password", answer.Fields());
    }

    [Fact]
    public async Task A_password_may_have_256_characters_and_no_more()
    {
        var longest = string.Concat(Enumerable.Repeat("wörter 🔑", 32));   // 8 code points each

        var tooLong = await Client.PostJson(Url, new { email = "alice@example.test", password = longest + "x" });
        Assert.Equal("password", tooLong.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());

        var good = await Client.PostJson(Url, new { email = "alice@example.test", password = longest });
        Assert.Equal(HttpStatusCode.Created, good.Status);
        await Client.SignIn("alice@example.test", longest);
    }
}
