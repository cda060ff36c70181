using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Data;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Passwords;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Races;

public sealed class SignInRaceTests
{
    [Fact]
    public async Task Sixteen_registrations_of_one_address_make_one_account()
    {
        await using var server = await TestServer.Start();
        using var race = new Race(server);

        var answers = await race.Run((runner, i) => runner.PostJson("/api/v1/auth/register", new
        {
            username = $"name{i}",
            email = i % 2 == 0 ? "alice@example.test" : "ALICE@example.test",
            password = PasswordOf(i),
        }));

        Assert.Equal((1, 15), (Race.Count(answers, 201), Race.Count(answers, 409)));
        Assert.All(answers.Where(answer => (int)answer.Status == 409), answer => Assert.Equal("email_taken", answer.Code));
        Assert.Equal(1, await server.Count("users"));
        Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.UserRegistered);
        var winner = Array.FindIndex(answers, answer => (int)answer.Status == 201);
        using var client = server.Client();
        for (var i = 0; i < Race.Runners; i++)
        {
            var signIn = await client.PostJson("/api/v1/auth/login", new { email = "alice@example.test", password = PasswordOf(i) });
            Assert.Equal(i == winner ? 200 : 401, (int)signIn.Status);
        }

        static string PasswordOf(int runner) => $"word {runner} of many";
    }

    [Fact]
    public async Task Sixteen_registrations_of_one_name_make_one_account()
    {
        await using var server = await TestServer.Start();
        using var race = new Race(server);

        var answers = await race.Run((runner, i) => runner.PostJson(
            "/api/v1/auth/register", new { username = i % 2 == 0 ? "alice" : "Alice", email = $"a{i}@example.test", password = TestClient.Password }));

        Assert.Equal((1, 15), (Race.Count(answers, 201), Race.Count(answers, 409)));
        Assert.All(answers.Where(answer => (int)answer.Status == 409), answer => Assert.Equal("username_taken", answer.Code));
        Assert.Equal(1, await server.Count("users"));
    }

    [Fact]
    public async Task Sixteen_sign_ins_over_the_session_limit_leave_exactly_as_many_as_are_allowed()
    {
        const int allowed = 3;
        await using var server = await TestServer.Start(settings: ("AVOUCH_SESSIONS_PER_USER", "3"));
        using var race = new Race(server);
        using var client = server.Client();
        var old = await client.Join("alice");
        server.Time.Advance(TimeSpan.FromSeconds(1));   // of sessions of one moment, any may be the oldest

        var answers = await race.Run((runner, _) => runner.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password }));

        Assert.Equal(Race.Runners, Race.Count(answers, 200));
        var alive = new List<Tokens>();
        foreach (var tokens in answers.Select(Tokens.Of))
        {
            var isAlive = (int)(await client.Me(tokens)).Status == 200;
            Assert.Equal(isAlive ? 200 : 401, (int)(await client.TryRefresh(tokens.RefreshToken)).Status);
            if (isAlive) alive.Add(tokens);
        }
        Assert.Equal(allowed, alive.Count);
        Assert.Equal("session_ended", (await client.Me(old)).Code);
        var ends = (await server.Journal()).Where(entry => entry.Kind == JournalKind.SessionEnded).ToList();
        Assert.Equal(Race.Runners + 1 - allowed, ends.Count);
        Assert.All(ends, entry => Assert.Equal(EndReason.TooMany, entry.Detail));
        Assert.Equal(allowed, (await client.Get("/api/v1/auth/sessions", alive[0].AccessToken)).Json.GetProperty("sessions").GetArrayLength());
    }

    [Fact]
    public async Task Sixteen_sign_ins_succeed_while_the_password_is_hashed_anew()
    {
        await using var server = await TestServer.Start();
        using (var client = server.Client()) await client.Register("alice");
        await server.Restart(("AVOUCH_ARGON2_ITERATIONS", "2"));
        using var race = new Race(server);

        var answers = await race.Run((runner, _) => runner.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password }));

        Assert.Equal(Race.Runners, Race.Count(answers, 200));
        Assert.DoesNotContain(await server.Journal(), entry => entry.Kind == JournalKind.SignInFailed);
    }

    [Fact]
    public Task A_sign_in_that_began_before_a_disable_fails() => AssertLateSignInFails(
        (changes, user) => changes.Disable(user));

    [Fact]
    public Task A_sign_in_that_began_before_a_password_change_fails() => AssertLateSignInFails(
        (changes, user) => changes.SetPassword(user, "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

    [Fact]
    public Task A_sign_in_that_began_before_a_role_change_gets_the_new_role() => Late(
        (changes, user) => changes.SetRole(user, Role.Admin), async (server, client, answer) =>
        {
            Assert.Equal(200, (int)answer.Status);
            Assert.Equal(Role.Admin, Tokens.Of(answer).Claims.GetProperty("roles")[0].GetString());
            Assert.Equal(200, (int)(await client.Me(Tokens.Of(answer))).Status);
        });

    /// <summary>Between the verification of the password and the start of the session, step by step: no luck is needed to hit the moment.</summary>
    [Fact]
    public async Task A_verified_password_starts_no_session_once_it_has_been_changed_or_the_user_disabled()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        await client.Register("alice");
        var found = (await server.Get<UserAccounts>().FindCredentials("alice"))!;
        var verified = new VerifiedSignIn(found.User.Id, found.PasswordHash, null, TokenIssuer.FirstParty, TokenIssuer.FirstPartyScope);
        var sessions = server.Get<UserSessions>();
        var until = server.Get<TokenIssuer>().AccessUntil();

        Assert.NotNull(await sessions.Start(verified, until, default));
        await server.Get<UserChanges>().Disable(found.User.Id);
        Assert.Null(await sessions.Start(verified, until, default));
        await server.Get<UserChanges>().Enable(found.User.Id);
        Assert.NotNull(await sessions.Start(verified, until, default));
        await server.Get<UserChanges>().SetPassword(found.User.Id, found.PasswordHash + "x");
        Assert.Null(await sessions.Start(verified, until, default));
        Assert.Equal(2, await server.Count("sessions"));
    }

    private static Task AssertLateSignInFails(Func<UserChanges, Guid, ValueTask<UserChange>> change) => Late(change, async (server, _, answer) =>
    {
        Assert.Contains((int)answer.Status, new[] { 401, 403 });
        Assert.Equal(0, await server.Count("sessions"));
        Assert.DoesNotContain(await server.Journal(), entry => entry.Kind == JournalKind.SignedIn);
    });

    /// <summary>
    /// Holds the writer, with the change next in line. So the sign-in reads the old row and verifies the old hash, and what it then writes comes
    /// after the change.
    /// </summary>
    private static async Task Late(Func<UserChanges, Guid, ValueTask<UserChange>> change, Func<TestServer, TestClient, Answer, Task> check)
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var user = (await client.Register("alice")).GetProperty("id").GetGuid();
        var hasher = server.Get<PasswordHasher>();
        var writer = new TemporaryDatabase.Gate(server.Database);
        var changing = change(server.Get<UserChanges>(), user);
        var before = hasher.BlocksFilled;
        var signingIn = client.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password });
        Assert.True(SpinWait.SpinUntil(() => hasher.BlocksFilled > before, LaneGate.Patience));
        await writer.Open();
        Assert.Equal(UserChange.Done, await changing);
        await check(server, client, await signingIn);
    }
}
