using System.Net;
using System.Text.Json;
using Avouch.Server.Journal;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Strings;

/// <summary>The same list through the text fields of profiles, administration, proofs and pages.</summary>
public sealed class NaughtyAccountTests : ServerTests
{
    private const string Me = "/api/v1/users/me";

    private static List<string> Strings => [.. Vectors.Read("blns/blns.json").EnumerateArray().Select(row => row.GetString()!), "a\0b", "\uFFFE", "\uFEFF", new string('a', 10_000)];

    /// <summary>A longer URL ends before anything of ours sees it: 414, without a body.</summary>
    private static IEnumerable<string> Short => Strings.Where(text => text.Length < 2000);

    [Theory]
    [InlineData("full_name", 200)]
    [InlineData("username", 50)]
    [InlineData("locale", 5)]
    public async Task In_ones_own_profile(string member, int atLeast)
    {
        var alice = await Client.Join("alice");
        var taken = 0;
        foreach (var text in Strings)
        {
            var answer = await Client.Patch(Me, new Dictionary<string, string> { [member] = text }, alice.AccessToken);
            MustBeDecent(answer, text);
            if (answer.Status != HttpStatusCode.OK) continue;
            taken++;
            Assert.Equal(Kept(text), answer.Json.GetProperty(member).GetString());
            Assert.Equal(Kept(text), (await Client.Me(alice)).Json.GetProperty(member).GetString());
        }
        Assert.InRange(taken, atLeast, Strings.Count);
    }

    [Fact]
    public async Task In_an_account_that_an_administrator_makes_and_changes()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var bob = await Client.Join("bob");
        var number = 0;
        foreach (var text in Strings)
        {
            var added = await Client.PostJson("/api/v1/users", new { email = $"n{number++}@example.test", full_name = text, password = TestClient.Password }, root.AccessToken);
            MustBeDecent(added, text);
            if (added.Status == HttpStatusCode.Created) Assert.Equal(Kept(text), added.Json.GetProperty("full_name").GetString());
            MustBeDecent(await Client.PostJson("/api/v1/users", new { email = $"n{number++}@example.test", locale = text, role = text }, root.AccessToken), text);
            MustBeDecent(await Client.PostJson("/api/v1/users", new { email = text }, root.AccessToken), text);
            MustBeDecent(await Client.Patch($"/api/v1/users/{bob.Id()}", new { email = text }, root.AccessToken), text);
            MustBeDecent(await Client.Patch($"/api/v1/users/{bob.Id()}", new { roles = (string[])[text] }, root.AccessToken), text);
        }
        Assert.Equal("user", (await Server.Get<UserAccounts>().Find(bob.Id()))!.Role);
    }

    [Fact]
    public async Task As_what_is_looked_for()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        foreach (var text in Short)
        {
            var value = Uri.EscapeDataString(text);
            foreach (var name in (string[])["q", "role", "sort", "cursor", "is_active", "limit"]) MustBeDecent(await Client.Get($"/api/v1/users?{name}={value}", root.AccessToken), text);
            foreach (var name in (string[])["user", "kind", "since", "reason", "before"]) MustBeDecent(await Client.Get($"/api/v1/admin/journal?{name}={value}", root.AccessToken), text);
            foreach (var name in (string[])["state", "before"]) MustBeDecent(await Client.Get($"/api/v1/admin/mail?{name}={value}", root.AccessToken), text);
        }
    }

    /// <summary>Whoever was given a name is found by it.</summary>
    [Fact]
    public async Task What_was_taken_is_found_by_its_own_letters()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var found = 0;
        foreach (var text in Strings.Where(text => Kept(text) is { Length: < 100 }))
        {
            if ((await Client.Patch(Me, new { full_name = text }, root.AccessToken)).Status != HttpStatusCode.OK) continue;
            var list = await Client.Get($"/api/v1/users?q={Uri.EscapeDataString(Kept(text)!)}", root.AccessToken);
            Assert.True(list.Status == HttpStatusCode.OK && list.Json.GetProperty("users").EnumerateArray().Any(user => user.GetProperty("full_name").GetString() == Kept(text)), JsonSerializer.Serialize(text) + list.Text);
            found++;
        }
        Assert.InRange(found, 200, Strings.Count);
    }

    [Fact]
    public async Task In_a_role()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        await Server.AddRole("clerk");
        var taken = 0;
        foreach (var text in Strings)
        {
            MustBeDecent(await Client.PostJson("/api/v1/admin/roles", new { name = text }, root.AccessToken), text);
            MustBeDecent(await Client.PostJson("/api/v1/admin/roles", new { name = "clerk", permissions = (string[])[text] }, root.AccessToken), text);
            var answer = await Client.Patch("/api/v1/admin/roles/clerk", new { description = text }, root.AccessToken);
            MustBeDecent(answer, text);
            if (answer.Status != HttpStatusCode.OK) continue;
            taken++;
            Assert.Equal(Kept(text), answer.Json.GetProperty("description").GetString());
        }
        Assert.InRange(taken, 200, Strings.Count);
    }

    [Fact]
    public async Task As_a_new_address_and_as_the_password_for_it()
    {
        var alice = await Client.Join("alice");
        foreach (var text in Strings)
        {
            MustBeDecent(await Client.RequestEmail(alice, text), text);
            MustBeDecent(await Client.RequestEmail(alice, "new@example.test", text), text);
            MustBeDecent(await Client.RequestReset(text), text);
            MustBeDecent(await Client.ChangePassword(alice, text, text + "!"), text);
        }
        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind is JournalKind.EmailChanged or JournalKind.PasswordChanged);
    }

    [Fact]
    public async Task As_a_mailed_secret_in_JSON_and_on_a_page()
    {
        await Client.Register("alice");
        var rows = await Server.Count("account_proofs");
        foreach (var text in Strings)
        {
            MustBeDecent(await Client.ConfirmReset(text, text), text);
            foreach (var answer in (Answer[])[await Client.Verify(text), await Client.ConfirmEmail(text), await Client.UndoEmail(text)]) MustBeDecent(answer, text);
            foreach (var page in (string[])["/reset-password", "/verify-email", "/change-email", "/undo-email-change"])
            {
                if (Short.Contains(text)) MustBePage(await Client.Get($"{page}?token={Uri.EscapeDataString(text)}"), text);
                MustBePage(await Client.PostForm(page, ("token", text), ("new_password", text)), text);
            }
        }
        Assert.Equal(rows, await Server.Count("account_proofs"));
    }

    private static string? Kept(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static void MustBePage(Answer answer, string text)
    {
        Assert.True((int)answer.Status is >= 400 and < 500, $"{answer.Status} for {JsonSerializer.Serialize(text)}");
        Assert.Equal("text/html; charset=utf-8", answer.Headers["Content-Type"]);
        if (text.Length > 12 && text.Contains('<', StringComparison.Ordinal)) Assert.DoesNotContain(text, answer.Text, StringComparison.Ordinal);
    }

    private static void MustBeDecent(Answer answer, string text)
    {
        Assert.True((int)answer.Status < 500, $"{answer.Status} for {JsonSerializer.Serialize(text)}: {answer.Text}");
        if ((int)answer.Status >= 400) answer.MustBeProblem();
    }
}
