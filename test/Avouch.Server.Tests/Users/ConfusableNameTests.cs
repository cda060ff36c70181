using System.Net;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>User names that can be taken for others (Unicode Technical Standard 39).</summary>
public sealed class ConfusableNameTests : ServerTests
{
    [Theory]
    [InlineData("аdmin")]      // Cyrillic а
    [InlineData("αdmin")]      // Greek alpha
    [InlineData("adminс")]     // Cyrillic с
    [InlineData("пароль-x")]
    [InlineData("שלוםabc")]
    [InlineData("ᏚᎢ")]         // Cherokee: hardly in use, and made of Latin look-alikes
    [InlineData("ⲁⲃⲅ")]        // Coptic
    [InlineData("ひらабв")]
    [InlineData("abc٣")]       // an Arabic digit
    public async Task Scripts_that_are_not_written_together_are_refused(string name)
    {
        var answer = await Register(name, "person");

        Assert.Equal("username", answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
        Assert.Equal(0, await Server.Count("users"));
    }

    [Theory]
    [InlineData("alice-42_x.y")]
    [InlineData("Zoë")]
    [InlineData("иван")]
    [InlineData("Ωμέγα")]
    [InlineData("田中さくらabc")]
    [InlineData("김철수kim")]
    [InlineData("محمد٣")]
    [InlineData("नमस्ते")]
    [InlineData("สมชาย")]
    [InlineData("ｆｕｌｌ")]
    public async Task A_name_in_one_script_is_taken_as_it_is(string name)
    {
        var answer = await Register(name, "person");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(name, answer.Json.Text("username"));
    }

    [Theory]
    [InlineData("coco", "сосо")]      // all Cyrillic
    [InlineData("сосо", "coco")]
    [InlineData("alice", "aIice")]    // a capital I
    [InlineData("alice", "a1ice")]
    [InlineData("bob", "b0b")]
    [InlineData("mark", "rnark")]
    [InlineData("rnark", "mark")]
    [InlineData("vovo", "νονο")]      // all Greek
    public async Task A_name_that_looks_like_one_that_is_taken_is_refused(string first, string second)
    {
        Assert.Equal(HttpStatusCode.Created, (await Register(first, "first")).Status);

        (await Register(second, "second")).MustBe(HttpStatusCode.Conflict, "username_looks_taken");
        (await Register(first.ToUpperInvariant(), "third")).MustBe(HttpStatusCode.Conflict, "username_taken");
        Assert.Equal(1, await Server.Count("users"));
    }

    [Theory]
    [InlineData("alice", "alicia")]
    [InlineData("bob", "rob")]
    [InlineData("иван", "ivan")]
    [InlineData("zoë", "zoe")]
    [InlineData("user10", "user11")]
    public async Task Names_that_look_different_are_different(string first, string second)
    {
        Assert.Equal(HttpStatusCode.Created, (await Register(first, "first")).Status);
        Assert.Equal(HttpStatusCode.Created, (await Register(second, "second")).Status);
    }

    [Fact]
    public async Task Of_two_look_alikes_at_once_one_is_added()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Register(i % 2 == 0 ? "coco" : "сосо", $"person{i}")));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Created), answer => Assert.Equal(HttpStatusCode.Conflict, answer.Status));
        Assert.Equal(1, await Server.Count("users"));
    }

    [Fact]
    public async Task Names_from_before_are_filled_in()
    {
        await Client.Register("coco");
        await Server.Database.Write(transaction => transaction.Execute("UPDATE users SET username_skeleton = NULL"));

        await Server.Get<HeldNames>().FillIn(CancellationToken.None);

        (await Register("сосо", "second")).MustBe(HttpStatusCode.Conflict, "username_looks_taken");
    }

    private Task<Answer> Register(string username, string mailbox) =>
        Client.PostJson("/api/v1/auth/register", new { username, email = $"{mailbox}@example.test", password = TestClient.Password });
}
