using System.Net;
using Avouch.Server.Roles;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>What an administrator may do to others and not to themselves, and resets for somebody else.</summary>
public sealed class OwnAccountByIdTests : ServerTests
{
    private protected override (string Name, string Value)[] Settings => [("AVOUCH_LIMITS_ENABLED", "true"), ("AVOUCH_LIMIT_RESET_PER_HOUR", "2")];

    [Theory]
    [InlineData("""{"role":"user"}""", "role")]
    [InlineData("""{"roles":["admin","user"]}""", "roles")]
    [InlineData("""{"is_active":false,"full_name":"x"}""", "is_active")]
    [InlineData("""{"email":"new@example.test"}""", "email")]
    [Trait("ASVS", "8.2.1")]
    public async Task Nobody_changes_their_own_role_or_status_by_their_id(string body, string field)
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        await Server.JoinAs(Client, "other", Role.Admin);
        var before = (await Server.Journal())[^1].Seq;

        var answer = await Client.Send(new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/users/{root.Id()}") { Content = new StringContent(body, null, "application/json") }, root.AccessToken);

        Assert.Equal(field, answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
        Assert.Empty(await Server.Journal(before));
        Assert.Equal(HttpStatusCode.OK, (await Client.Patch($"/api/v1/users/{root.Id()}", new { full_name = "Root" }, root.AccessToken)).Status);
    }

    [Fact]
    public async Task Nobody_deletes_themselves_without_their_password()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        await Server.JoinAs(Client, "other", Role.Admin);
        var before = (await Server.Journal())[^1].Seq;

        var answer = (await Client.Delete($"/api/v1/users/{root.Id()}", root.AccessToken)).MustBe(HttpStatusCode.Conflict, "own_account");

        Assert.Contains("/users/me", answer.Json.Text("detail"), StringComparison.Ordinal);
        Assert.Empty(await Server.Journal(before));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(root)).Status);
    }

    [Fact]
    public async Task A_reset_for_somebody_who_is_disabled_says_so_and_sends_nothing()
    {
        await Server.AddRole("helper", Permission.UsersRecover);
        var helper = await Server.JoinAs(Client, "help", "user", "helper");
        var bob = await Client.Join("bob");
        await Server.Get<UserChanges>().Disable(bob.Id());
        var before = (await Server.Journal())[^1].Seq;

        (await Client.Post($"/api/v1/admin/users/{bob.Id()}/password/reset", helper.AccessToken)).MustBe(HttpStatusCode.Conflict, "user_disabled");

        Assert.Empty(await Server.Journal(before));
    }

    [Fact]
    [Trait("ASVS", "2.4.1")]
    public async Task Resets_for_one_address_are_counted_whoever_asks()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var bob = await Client.Join("bob");
        var url = $"/api/v1/admin/users/{bob.Id()}/password/reset";
        Assert.Equal(HttpStatusCode.OK, (await Client.RequestReset("bob@example.test")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Post(url, root.AccessToken)).Status);
        var before = (await Server.Journal())[^1].Seq;

        (await Client.Post(url, root.AccessToken)).MustBe(HttpStatusCode.TooManyRequests, "too_many_requests");

        Assert.Empty(await Server.Journal(before));
        var root2 = await Server.JoinAs(Client, "root2", Role.Admin);
        Assert.Equal(HttpStatusCode.OK, (await Client.Post($"/api/v1/admin/users/{root.Id()}/password/reset", root2.AccessToken)).Status);
    }
}
