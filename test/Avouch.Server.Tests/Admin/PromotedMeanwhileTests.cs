using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Races;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>Nobody reaches above themselves, also where the other one is promoted while the request is under way.</summary>
public sealed class PromotedMeanwhileTests : ServerTests
{
    private const int Rounds = 12;

    [Fact]
    [Trait("ASVS", "8.2.1")]
    [Trait("ASVS", "8.3.1")]
    public async Task The_transaction_asks_once_more_and_changes_nothing_of_somebody_who_is_out_of_reach()
    {
        var bob = await Client.Join("bob");
        await Server.Get<UserChanges>().SetRole(bob.Id(), Role.Admin);
        bob = await Client.Refresh(bob);
        var before = (await Server.Journal())[^1].Seq;
        var asked = new List<string>();
        var manager = new Actor(Guid.CreateVersion7())
        {
            Reaches = (snapshot, user) =>
            {
                asked.AddRange(user.Roles);
                return snapshot.FindBeyond([Role.User], user.Roles) is null;
            },
        };
        var changes = Server.Get<UserChanges>();

        UserChange[] refused =
        [
            (await Server.Get<UserEdits>().Apply(bob.Id(), new UserEdit(default, Given<string?>.Of("Robert"), default) { Email = "stolen@example.test" }, manager)).Change,
            await changes.Delete(bob.Id(), manager), await changes.Disable(bob.Id(), manager), await changes.Enable(bob.Id(), manager), await changes.Unlock(bob.Id(), manager),
            await changes.SetRole(bob.Id(), Role.User, manager), await changes.SetPassword(bob.Id(), "!", manager),
            (await Server.Get<UserSessions>().EndAll(bob.Id(), EndReason.EndedByAdmin, manager)).Change,
            await Server.Get<PasswordReset>().RequestFor(bob.Id(), manager, default),
        ];

        Assert.All(refused, change => Assert.Equal(UserChange.Outranked, change));
        Assert.Equal(Enumerable.Repeat(Role.Admin, refused.Length), asked);
        Assert.Empty(await Server.Journal(before));
        Assert.DoesNotContain(await Server.Database.Read(statements => UserMail.List(statements, bob.Id(), Guid.Empty, 10)), mail => mail.Template != MailTemplate.VerifyEmail);
        var me = await Client.Me(bob);
        Assert.Equal((HttpStatusCode.OK, "bob@example.test"), (me.Status, me.Json.Text("email")));
    }

    [Fact]
    public async Task A_role_that_permits_more_by_now_is_neither_edited_nor_deleted()
    {
        await Server.AddRole("support", Permission.UsersRead);
        var before = (await Server.Journal())[^1].Seq;
        var roles = Server.Get<RoleCatalogue>();

        Assert.Equal(RoleChange.Outranked, (await roles.Update("support", new RolePatch([], true, "other"), new Actor(Guid.CreateVersion7()) { May = Reaches })).Change);
        Assert.Equal(RoleChange.Outranked, (await roles.Delete("support", new Actor(Guid.CreateVersion7()) { May = Reaches })).Change);

        Assert.Empty(await Server.Journal(before));
        Assert.Equal([Permission.UsersRead], roles.Current.Find("support")!.Permissions);

        static bool Reaches(RoleSnapshot snapshot) => !snapshot.Find("support")!.Permissions.Contains(Permission.UsersRead);
    }

    [Theory]
    [InlineData("email")]
    [InlineData("roles")]
    [InlineData("disable")]
    [InlineData("reset")]
    [InlineData("delete")]
    [Trait("ASVS", "8.3.1")]
    public async Task Nothing_that_a_manager_does_comes_after_the_promotion(string act)
    {
        await Server.AddRole("manager", Permission.UsersRead, Permission.UsersWrite, Permission.UsersRecover, Permission.RolesWrite);
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var manager = await Server.JoinAs(Client, "boss", "user", "manager");
        for (var round = 0; round < Rounds; round++)
        {
            var made = await Client.PostJson("/api/v1/users", new { email = $"v{round}@example.test", password = TestClient.Password }, root.AccessToken);
            var id = made.Json.GetProperty("id").GetGuid();
            var before = (await Server.Journal())[^1].Seq;
            using var race = new Race(Server);

            await race.Run((client, i) => i % 2 == 0
                ? client.Patch($"/api/v1/users/{id}", new { roles = new[] { Role.Admin } }, root.AccessToken)
                : Act(client, act, id, $"stolen{round}-{i}@example.test", manager.AccessToken));

            var rows = await Server.Journal(before);
            var promotion = rows.FirstOrDefault(row => row.Kind == JournalKind.RoleChanged && row.ActorId == root.Id())?.Seq ?? long.MaxValue;
            Assert.DoesNotContain(rows, row => row.ActorId == manager.Id() && row.Seq > promotion);
        }
    }

    private static Task<Answer> Act(TestClient client, string act, Guid id, string email, string token) => act switch
    {
        "email" => client.Patch($"/api/v1/users/{id}", new { email }, token),
        "roles" => client.Patch($"/api/v1/users/{id}", new { roles = new[] { "user", "manager" } }, token),
        "disable" => client.Post($"/api/v1/admin/users/{id}/disable", token),
        "reset" => client.Post($"/api/v1/admin/users/{id}/password/reset", token),
        _ => client.Delete($"/api/v1/users/{id}", token),
    };
}
