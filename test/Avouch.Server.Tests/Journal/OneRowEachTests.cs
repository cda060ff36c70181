using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Journal;

/// <summary>A change that matters to security is one row, written with the change or not at all.</summary>
public sealed class OneRowEachTests : ServerTests
{
    [Fact]
    [Trait("ASVS", "16.3.1")]
    public async Task Each_change_writes_one_row_of_its_kind_and_what_changes_nothing_writes_none()
    {
        await Expect([JournalKind.UserRegistered], () => Client.Register("alice"));
        var tokens = await Expect([JournalKind.SignedIn], () => Client.SignIn("alice"));
        var id = tokens.Claims.GetProperty("sub").GetGuid();
        var renewed = await Expect([], () => Client.Refresh(tokens));
        await Expect([], () => Client.Refresh(tokens));   // a repeat inside the grace
        await Expect([], () => Client.Me(renewed));
        await Expect([], () => Client.Get("/api/v1/auth/sessions", renewed.AccessToken));
        await Expect([], () => Client.TryRefresh("avr_garbage"));
        await Expect([JournalKind.SignInFailed], () => Client.PostJson("/api/v1/auth/login", new { username = "alice", password = "wrong" }));
        await Expect([JournalKind.RoleChanged], () => Server.Get<UserChanges>().SetRole(id, Role.Admin).AsTask());
        await Expect([], () => Client.Me(renewed));
        await Expect([JournalKind.KeyCreated, JournalKind.KeyRotated], async () => { await Server.Get<SigningKeys>().Rotate(isNow: true); return 0; });
        renewed = await Client.Refresh(renewed);
        await Expect([JournalKind.SessionEnded], () => Client.Logout(renewed));
        await Expect([], () => Client.Logout(renewed));
        await Expect([], () => Client.TryRefresh(renewed.RefreshToken));
        await Expect([JournalKind.SignedIn], () => Client.SignIn("alice"));
        await Expect([JournalKind.UserDisabled, JournalKind.SessionEnded], () => Server.Get<UserChanges>().Disable(id).AsTask());
        await Expect([JournalKind.UserEnabled], () => Server.Get<UserChanges>().Enable(id).AsTask());
    }

    [Fact]
    public async Task A_change_whose_row_cannot_be_written_does_not_happen()
    {
        var tokens = await Client.Join("alice");
        await Server.Database.Write(transaction => transaction.Execute("CREATE TRIGGER broken BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no'); END"));

        MustFail(await Client.PostJson("/api/v1/auth/register", new { email = "bob@example.test", password = TestClient.Password }));
        MustFail(await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password }));
        MustFail(await Client.Logout(tokens));
        MustFail(await Client.Delete($"/api/v1/auth/sessions/{tokens.SessionId}", tokens.AccessToken));
        await Assert.ThrowsAnyAsync<Exception>(() => Server.Get<UserChanges>().SetRole(tokens.Claims.GetProperty("sub").GetGuid(), Role.Admin).AsTask());
        await Assert.ThrowsAnyAsync<Exception>(() => Server.Get<UserChanges>().Disable(tokens.Claims.GetProperty("sub").GetGuid()).AsTask());

        await Server.Database.Write(transaction => transaction.Execute("DROP TRIGGER broken"));
        Assert.Equal((1L, 1L), (await Server.Count("users"), await Server.Count("sessions")));
        Assert.Equal("user", (await Client.Me(tokens)).Json.Text("role"));
        await Client.Refresh(tokens);
    }

    [Fact]
    public async Task The_one_who_did_it_stands_beside_the_one_it_was_done_to()
    {
        var alice = (await Client.Register("alice")).GetProperty("id").GetGuid();
        var admin = (await Client.Register("admin")).GetProperty("id").GetGuid();

        await Server.Get<UserChanges>().SetRole(alice, Role.Guest, new Actor(admin));

        var entry = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.RoleChanged);
        Assert.Equal(((Guid?)alice, (Guid?)admin, "guest", (long?)2), (entry.UserId, entry.ActorId, entry.Detail, entry.Epoch));
    }

    [Fact]
    public async Task Old_rows_go_after_their_time_and_not_before()
    {
        await Client.Register("alice");
        var retention = TimeSpan.FromDays(400);

        Pass(retention);
        await Server.Get<JournalPurge>().Run(default);
        Assert.Contains(await Server.Journal(), entry => entry.Kind == JournalKind.UserRegistered);
        Pass(TimeSpan.FromSeconds(1));
        await Server.Get<JournalPurge>().Run(default);

        Assert.DoesNotContain(await Server.Journal(), entry => entry.At < Server.Time.GetUtcNow() - retention);   // the keys have aged meanwhile and left new rows
    }

    private static void MustFail(Answer answer)
    {
        answer.MustHaveProblem().MustNotEcho("RAISE", "journal", "trigger", "sqlite", TestClient.Password);
        Assert.Equal((HttpStatusCode.InternalServerError, "server_fault"), (answer.Status, answer.Code));
    }

    private async Task<T> Expect<T>(string[] kinds, Func<Task<T>> act)
    {
        var before = (await Server.Journal())[^1].Seq;
        var result = await act();
        Assert.Equal(kinds.Order(StringComparer.Ordinal), (await Server.Journal(before)).Select(entry => entry.Kind).Order(StringComparer.Ordinal));
        return result;
    }
}
