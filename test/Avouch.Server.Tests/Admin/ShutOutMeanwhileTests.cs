using Avouch.Protocol;
using Avouch.ResourceServer;
using Avouch.Server.Http;
using Avouch.Server.Journal;
using Avouch.Server.Roles;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Admin;

/// <summary>An administrator who is shut out while a request of theirs is under way: what they may do is asked inside the transaction.</summary>
public sealed class ShutOutMeanwhileTests : ServerTests
{
    private static readonly Caller Here = new("127.0.0.1", "127.0.0.1", null);

    public static readonly TheoryData<string> Ways = ["disabled", "other role", "other password", "session ended", "deleted"];

    [Theory]
    [MemberData(nameof(Ways))]
    [Trait("ASVS", "8.3.1")]
    [Trait("ASVS", "8.3.2")]
    [Trait("ASVS", "7.4.2")]
    public async Task Nothing_that_was_under_way_is_done(string way)
    {
        await Server.JoinAs(Client, "root", Role.Admin);
        var mallory = await Server.JoinAs(Client, "mallory", Role.Admin);
        var bob = await Client.Join("bob");
        await Server.AddRole("support", "articles:write");
        var token = Token(mallory);
        await ShutOut(mallory.Id(), way);
        var (before, users) = ((await Server.Journal())[^1].Seq, await Server.Count("users"));

        var acts = Server.Get<UserActs>();
        Problem?[] refused =
        [
            (await Server.Get<UserAdding>().Add(token, new NewAccount(null, "evil@example.test", null, null, TestClient.Password, [Role.Admin]), Here, CancellationToken.None)).Refusal,
            (await Server.Get<UserEditing>().Apply(token, bob.Id(), new UserEdit(default, Given<string?>.Of("Robert"), default) { Roles = [Role.Admin] })).Refusal,
            await acts.Disable(token, bob.Id()), await acts.Unlock(token, bob.Id()), await acts.Delete(token, bob.Id()), await acts.SendReset(token, bob.Id(), Here),
            (await acts.EndSessions(token, bob.Id())).Refusal,
            (await Server.Get<RoleActs>().Add(token, "mine", new RolePatch([Permission.UsersWrite]))).Refusal,
            (await Server.Get<RoleActs>().Update(token, "support", new RolePatch([Permission.UsersWrite]))).Refusal,
            await Server.Get<RoleActs>().Delete(token, "support"),
        ];

        Assert.All(refused, problem => Assert.Equal(Problems.Outranked, problem));
        Assert.Empty(await Server.Journal(before));
        Assert.Equal(users, await Server.Count("users"));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await Client.Me(bob)).Status);
    }

    /// <summary>The same acts by somebody whom nobody shuts out: the test above could otherwise pass for any other reason.</summary>
    [Fact]
    public async Task Somebody_who_is_still_in_does_them()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        var bob = await Client.Join("bob");

        Assert.NotNull((await Server.Get<UserAdding>().Add(Token(root), new NewAccount(null, "new@example.test", null, null, TestClient.Password, [Role.Admin]), Here, CancellationToken.None)).User);
        Assert.Null(await Server.Get<UserActs>().Disable(Token(root), bob.Id()));
        Assert.NotNull((await Server.Get<RoleActs>().Add(Token(root), "mine", new RolePatch([Permission.UsersWrite]))).Role);
    }

    /// <summary>Whoever chooses where the mail goes that sets a new password has the account.</summary>
    [Fact]
    [Trait("ASVS", "8.2.2")]
    public async Task An_address_is_changed_only_by_somebody_who_may_help_people_back_in()
    {
        await Server.AddRole("clerk", Permission.UsersRead, Permission.UsersWrite);
        await Server.AddRole("helper", Permission.UsersRead, Permission.UsersWrite, Permission.UsersRecover);
        var (clerk, helper) = (await Server.JoinAs(Client, "clerk", "clerk"), await Server.JoinAs(Client, "helper", "helper"));
        var bob = await Client.Join("bob");

        var refused = await Server.Get<UserEditing>().Apply(Token(clerk), bob.Id(), new UserEdit(default, default, default) { Email = "mallory@example.test" });
        var letters = await Server.Get<UserEditing>().Apply(Token(clerk), bob.Id(), new UserEdit(default, Given<string?>.Of("Robert"), default) { Email = "BOB@example.test" });
        var changed = await Server.Get<UserEditing>().Apply(Token(helper), bob.Id(), new UserEdit(default, default, default) { Email = "robert@example.test" });

        Assert.Equal(Permission.UsersRecover, refused.Refusal!.Missing);
        Assert.Null(letters.Refusal);   // the same address in other letters
        Assert.Equal("robert@example.test", changed.User!.Email);
    }

    private AccessToken Token(Tokens tokens) => Server.Get<TokenCheck>().Check("Bearer " + tokens.AccessToken).Token!;

    private async Task ShutOut(Guid user, string way)
    {
        var changes = Server.Get<UserChanges>();
        switch (way)
        {
            case "disabled": await changes.Disable(user); break;
            case "other role": await changes.SetRole(user, Role.User); break;
            case "other password": await changes.SetPassword(user, "!"); break;
            case "session ended": await Server.Get<UserSessions>().EndAll(user, EndReason.EndedByUser, address: null); break;
            default: await changes.Delete(user); break;
        }
    }
}
