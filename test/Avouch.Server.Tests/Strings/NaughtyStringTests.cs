using System.Net;
using System.Text.Json;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Strings;

/// <summary>
/// The big list of naughty strings through every text field of the API: no answer of 500 or more, what is refused is a problem document, and what is
/// taken is given back as it came.
/// </summary>
public sealed class NaughtyStringTests : ServerTests
{
    private static List<string> Strings => [.. Vectors.Read("blns/blns.json").EnumerateArray().Select(row => row.GetString()!), "a\0b", "\uFFFE", "\uFEFF", new string('a', 10_000)];

    [Fact]
    public async Task As_a_user_name()
    {
        var number = 0;
        foreach (var text in Strings)
        {
            var answer = await Client.PostJson("/api/v1/auth/register", new { username = text, email = $"n{number++}@example.test", password = TestClient.Password });
            MustBeDecent(answer, text);
            if (answer.Status != HttpStatusCode.Created) continue;
            Assert.Equal(string.IsNullOrWhiteSpace(text) ? null : text.Trim(), answer.Json.GetProperty("username").GetString());
            if (!string.IsNullOrWhiteSpace(text)) await Client.SignIn(text);
        }
        Assert.InRange(await Server.Count("users"), 100, number);
    }

    [Fact]
    public async Task As_a_full_name()
    {
        var number = 0;
        foreach (var text in Strings)
        {
            var answer = await Client.PostJson("/api/v1/auth/register", new { email = $"n{number++}@example.test", password = TestClient.Password, full_name = text });
            MustBeDecent(answer, text);
            if (answer.Status != HttpStatusCode.Created) continue;
            Assert.Equal(string.IsNullOrWhiteSpace(text) ? null : text.Trim(), answer.Json.GetProperty("full_name").GetString());
            var me = await Client.Me(await Client.SignIn($"n{number - 1}@example.test"));
            Assert.Equal(answer.Json.GetProperty("full_name").GetString(), me.Json.GetProperty("full_name").GetString());
        }
        Assert.InRange(await Server.Count("users"), 200, number);
    }

    [Fact]
    public async Task As_an_address()
    {
        foreach (var text in Strings)
        {
            MustBeDecent(await Client.PostJson("/api/v1/auth/register", new { email = text, password = TestClient.Password }), text);
            MustBeDecent(await Client.PostJson("/api/v1/auth/register", new { email = text + "@example.test", password = TestClient.Password }), text);
        }
    }

    [Fact]
    public async Task As_a_password()
    {
        var number = 0;
        foreach (var text in Strings)
        {
            var email = $"n{number++}@example.test";
            var answer = await Client.PostJson("/api/v1/auth/register", new { email, password = text });
            MustBeDecent(answer, text);
            if (answer.Status == HttpStatusCode.Created) await Client.SignIn(email, text);
            else Assert.Equal("password", answer.Fields());
        }
        Assert.InRange(await Server.Count("users"), 200, number);
    }

    [Fact]
    public async Task At_the_sign_in()
    {
        await Client.Register("alice");
        foreach (var text in Strings)
        {
            MustBeDecent(await Client.PostJson("/api/v1/auth/login", new { username = text, password = text }), text);
            MustBeDecent(await Client.PostForm("/api/v1/auth/token", ("username", text), ("password", text), ("scope", text)), text);
            MustBeDecent(await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = text }), text);
        }
        Assert.Equal(0, await Server.Count("sessions"));
    }

    [Fact]
    public async Task As_a_token()
    {
        foreach (var text in Strings)
        {
            MustBeDecent(await Client.PostJson("/api/v1/auth/refresh", new { refresh_token = text }), text);
            MustBeDecent(await Client.PostJson("/api/v1/auth/logout", new { refresh_token = text }), text);
        }
    }

    [Fact]
    public async Task As_a_whole_body()
    {
        foreach (var text in Strings)
        {
            MustBeDecent(await Client.PostRaw("/api/v1/auth/login", "application/json", text), text);
            MustBeDecent(await Client.PostRaw("/api/v1/auth/token", "application/x-www-form-urlencoded", text), text);
            MustBeDecent(await Client.PostRaw("/api/v1/auth/login", "application/json", JsonSerializer.Serialize(text)), text);
        }
    }

    private static void MustBeDecent(Answer answer, string text)
    {
        Assert.True((int)answer.Status < 500, $"{answer.Status} for {JsonSerializer.Serialize(text)}: {answer.Text}");
        if ((int)answer.Status >= 400) answer.MustBeProblem();
    }
}
