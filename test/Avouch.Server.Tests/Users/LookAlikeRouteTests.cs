using System.Net;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Users;

/// <summary>Names that look like one that is taken, through every door but the registration, which <see cref="ConfusableNameTests"/> tries.</summary>
public sealed class LookAlikeRouteTests : ServerTests
{
    private readonly List<string> refused = [];

    [Theory]
    [InlineData("a1ice")]
    [InlineData("aIice")]
    [Trait("ASVS", "2.2.1")]
    public async Task Nobody_gets_one_by_PATCH_or_from_an_administrator(string lookAlike)
    {
        await Client.Register("alice");
        var bob = await Client.Join("bob");
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var rows = await Server.Count("journal");

        (await Client.Patch("/api/v1/users/me", new { username = lookAlike, full_name = "x" }, bob.AccessToken)).MustBe(HttpStatusCode.Conflict, "username_looks_taken");
        (await Client.Patch($"/api/v1/users/{bob.Id()}", new { username = lookAlike }, bob.AccessToken)).MustBe(HttpStatusCode.Conflict, "username_looks_taken");
        (await Client.Patch($"/api/v1/users/{bob.Id()}", new { username = lookAlike }, root.AccessToken)).MustBe(HttpStatusCode.Conflict, "username_looks_taken");
        (await Client.PostJson("/api/v1/users", new { username = lookAlike, email = "new@example.test", password = TestClient.Password }, root.AccessToken)).MustBe(HttpStatusCode.Conflict, "username_looks_taken");

        Assert.Equal((rows, 3L), (await Server.Count("journal"), await Server.Count("users")));
        Assert.Equal(("bob", null), ((await Client.Me(bob)).Json.Text("username"), (await Client.Me(bob)).Json.GetProperty("full_name").GetString()));
    }

    [Theory]
    [InlineData("alicе")]       // the last letter is Cyrillic
    [InlineData("al\u200Bice")]
    [InlineData("ali\u202Ece")]
    [InlineData("alice@example.test")]
    public async Task What_no_name_may_hold_is_refused_there_too(string name)
    {
        var bob = await Client.Join("bob");
        var root = await Server.JoinAs(Client, "root", Role.Admin);

        foreach (var answer in (Answer[])
        [
            await Client.Patch("/api/v1/users/me", new { username = name }, bob.AccessToken),
            await Client.Patch($"/api/v1/users/{bob.Id()}", new { username = name }, root.AccessToken),
            await Client.PostJson("/api/v1/users", new { username = name, email = "new@example.test", password = TestClient.Password }, root.AccessToken),
        ])
            Assert.Equal("username", answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
    }

    [Fact]
    public async Task A_name_that_somebody_gives_up_is_free_and_ones_own_may_look_like_itself()
    {
        var alice = await Client.Join("alice");
        var bob = await Client.Join("bob");

        Assert.Equal(HttpStatusCode.OK, (await Client.Patch("/api/v1/users/me", new { username = "a1ice" }, alice.AccessToken)).Status);
        (await Client.Patch("/api/v1/users/me", new { username = "alice" }, bob.AccessToken)).MustBe(HttpStatusCode.Conflict, "username_looks_taken");
        Assert.Equal(HttpStatusCode.OK, (await Client.Patch("/api/v1/users/me", new { username = "carol" }, alice.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Patch("/api/v1/users/me", new { username = "alice" }, bob.AccessToken)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_names_look_alikes_and_addresses_that_can_still_go_back(bool isDry)
    {
        var owner = await Client.Join("alice");
        await Server.ChangeEmail(owner, "moved@example.test");
        var users = await Server.Count("users");

        var summary = await Import(
            """
            {"email":"one@example.test","username":"a1ice"}
            {"email":"ALICE@example.test"}
            {"email":"two@example.test","username":"bob"}
            {"email":"three@example.test","username":"b0b"}
            {"email":"four@example.test","username":"dave"}
            """, isDry);

        Assert.Equal(new ImportSummary(2, 0, 3), summary);
        Assert.Equal(
            [
                "1: Its user name looks like that of another account.",
                "2: Its e-mail address was another account's a few days ago, and can still go back to it.",
                "4: Its user name looks like that of line 3.",
            ],
            refused.Order(StringComparer.Ordinal));
        Assert.Equal(users + (isDry ? 0 : 2), await Server.Count("users"));
    }

    [Fact]
    public async Task After_seven_days_an_address_can_be_imported()
    {
        await Server.ChangeEmail(await Client.Join("alice"), "moved@example.test");
        const string File = """{"email":"alice@example.test"}""";

        Pass(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Equal(new ImportSummary(0, 0, 1), await Import(File));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(new ImportSummary(1, 0, 0), await Import(File));
    }

    [Fact]
    public async Task An_imported_name_keeps_look_alikes_out_and_the_same_file_again_is_no_conflict()
    {
        const string File = """{"email":"alice@example.test","username":"alice"}""";
        Assert.Equal(new ImportSummary(1, 0, 0), await Import(File));

        Assert.Equal(new ImportSummary(0, 1, 0), await Import(File));
        (await Client.PostJson("/api/v1/auth/register", new { username = "a1ice", email = "other@example.test", password = TestClient.Password })).MustBe(HttpStatusCode.Conflict, "username_looks_taken");
        Assert.Empty(refused);
    }

    private Task<ImportSummary> Import(string file, bool isDry = false) =>
        Server.Get<UserImport>().Import(UserFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(file)), default), isDry, Refuse, default);

    private Task Refuse(long line, string reason)
    {
        refused.Add($"{line}: {reason}");
        return Task.CompletedTask;
    }
}
