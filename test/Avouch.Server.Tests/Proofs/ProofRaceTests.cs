using System.Net.Http.Json;
using Avouch.Server.Journal;
using Avouch.Server.Mail;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Data;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Passwords;
using Avouch.Server.Tests.Races;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Proofs;

/// <summary>Several at once: one wins, the winner's result works, all others changed nothing.</summary>
public sealed class ProofRaceTests
{
    [Fact]
    public async Task Of_sixteen_resets_with_one_token_one_wins()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        await client.Register("alice");
        var token = await server.ResetToken("alice");
        using var race = new Race(server);

        var answers = await race.Run((runner, i) => runner.ConfirmReset(token, $"word {i} of many"));

        Assert.Equal((1, 15), (Race.Count(answers, 200), Race.Count(answers, 400)));
        var winner = Array.FindIndex(answers, answer => (int)answer.Status == 200);
        for (var i = 0; i < Race.Runners; i++) Assert.Equal(i == winner ? 200 : 401, (int)(await client.TrySignIn("alice", $"word {i} of many")).Status);
        Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.PasswordChanged);
        Assert.Single((await server.AllLetters()).Values, letter => letter.Template == MailTemplate.PasswordChanged);
    }

    [Fact]
    public async Task Of_sixteen_resets_that_are_asked_for_at_once_one_secret_counts()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        await client.Register("alice");
        using var race = new Race(server);

        var mail = await server.Mailed(async () => Assert.All(await race.Run((runner, _) => runner.RequestReset("alice@example.test")), answer => answer.MustBeDone()));

        Assert.Equal(Race.Runners, mail.Count);
        Assert.Equal(Race.Runners, mail.Select(letter => letter.Token()).Distinct().Count());
        var answers = new List<Answer>();
        foreach (var letter in mail) answers.Add(await client.ConfirmReset(letter.Token()));
        Assert.Equal((1, 15), (Race.Count(answers, 200), Race.Count(answers, 400)));
        Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.PasswordChanged);
    }

    [Fact]
    public async Task Whoever_deletes_their_account_while_they_refresh_leaves_no_token_that_counts()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var alice = await client.Join("alice");
        using var race = new Race(server);

        var answers = await race.Run((runner, i) => i == 0
            ? runner.Send(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/users/me") { Content = JsonContent.Create(new { current_password = TestClient.Password }) }, alice.AccessToken)
            : runner.TryRefresh(alice.RefreshToken));

        Assert.InRange((int)answers[0].Status, 200, 299);
        foreach (var tokens in answers.Skip(1).Where(answer => (int)answer.Status == 200).Select(Tokens.Of).Append(alice))
        {
            Assert.Equal(401, (int)(await client.Me(tokens)).Status);
            Assert.Equal(401, (int)(await client.TryRefresh(tokens.RefreshToken)).Status);
        }
        Assert.Equal((0L, 0L), (await server.Count("users"), await server.Count("sessions")));
        Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.UserDeleted);
    }

    [Fact]
    public async Task Of_sixteen_changes_of_a_password_one_wins()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        await client.Register("alice");
        var sessions = new Tokens[Race.Runners];
        for (var i = 0; i < sessions.Length; i++) sessions[i] = await client.SignIn("alice");
        using var race = new Race(server);

        var answers = await race.Run((runner, i) => runner.ChangePassword(sessions[i], TestClient.Password, $"word {i} of many"));

        Assert.Equal(1, Race.Count(answers, 200));
        Assert.All(answers.Where(answer => (int)answer.Status != 200), answer => Assert.Contains(answer.Code, (string[])["wrong_password", "session_ended", "token_stale"]));
        var winner = Array.FindIndex(answers, answer => (int)answer.Status == 200);
        await client.SignIn("alice", $"word {winner} of many");
        for (var i = 0; i < sessions.Length; i++) Assert.Equal(i == winner ? 200 : 401, (int)(await client.TryRefresh(sessions[i].RefreshToken)).Status);
        Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.PasswordChanged);
    }

    [Fact]
    public async Task Of_sixteen_people_who_confirm_one_address_one_gets_it()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var people = await client.SignUpMany(Race.Runners);
        var tokens = new string[people.Length];
        for (var i = 0; i < people.Length; i++) tokens[i] = await server.EmailToken(people[i], i % 2 == 0 ? "one@example.test" : "ONE@example.test");
        using var race = new Race(server);

        var answers = await race.Run((runner, i) => runner.ConfirmEmail(tokens[i]));

        Assert.Equal((1, 15), (Race.Count(answers, 200), Race.Count(answers, 409)));
        var winner = Array.FindIndex(answers, answer => (int)answer.Status == 200);
        for (var i = 0; i < people.Length; i++) Assert.Equal(i == winner, (await server.Get<UserAccounts>().Find(people[i].UserId()))!.Email.Equals("one@example.test", StringComparison.OrdinalIgnoreCase));
        Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.EmailChanged);
    }

    [Fact]
    public async Task An_address_that_is_confirmed_and_registered_at_once_belongs_to_one()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var alice = await client.Join("alice");
        var token = await server.EmailToken(alice, "one@example.test");
        using var race = new Race(server);

        var answers = await race.Run((runner, i) => i % 2 == 0
            ? runner.ConfirmEmail(token)
            : runner.PostJson("/api/v1/auth/register", new { email = "one@example.test", password = TestClient.Password }));

        Assert.Equal(1, Race.Count(answers, 200) + Race.Count(answers, 201));
        Assert.All(answers, answer => Assert.Contains((int)answer.Status, (int[])[200, 201, 400, 409]));
    }

    [Fact]
    public async Task Of_sixteen_undos_one_wins_and_one_reset_is_mailed()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var undo = await server.ChangeEmail(await client.Join("alice"), "thief@example.test");
        using var race = new Race(server);

        var answers = await race.Run((runner, _) => runner.UndoEmail(undo));

        Assert.Equal((1, 15), (Race.Count(answers, 200), Race.Count(answers, 400)));
        Assert.Single((await server.AllLetters()).Values, letter => letter.Template == MailTemplate.ResetPassword);
        Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.EmailChangeUndone);
    }

    [Fact]
    public async Task After_a_reset_that_raced_with_refreshes_no_token_of_them_counts()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var alice = await client.Join("alice");
        var token = await server.ResetToken("alice");
        using var race = new Race(server);

        var answers = await race.Run((runner, i) => i == 0 ? runner.ConfirmReset(token) : runner.TryRefresh(alice.RefreshToken));

        Assert.Equal(200, (int)answers[0].Status);
        foreach (var refreshed in answers.Skip(1).Where(answer => (int)answer.Status == 200).Select(Tokens.Of))
        {
            Assert.Equal("session_ended", (await client.Me(refreshed)).Code);
            Assert.Equal(401, (int)(await client.TryRefresh(refreshed.RefreshToken)).Status);
        }
    }

    [Fact]
    public Task A_sign_in_that_began_before_a_reset_fails() => Late(
        (client, _) => client.TrySignIn("alice", TestClient.Password), async (server, late) =>
        {
            Assert.Equal((401, "invalid_credentials"), ((int)late.Status, late.Code));
            Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.SignedIn);   // the one before
        });

    [Fact]
    public Task A_change_of_the_password_that_began_before_a_reset_loses() => Late(
        (client, alice) => client.ChangePassword(alice, TestClient.Password, "yet another one 44"), async (server, late) =>
        {
            Assert.Equal((403, "wrong_password"), ((int)late.Status, late.Code));
            Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.PasswordChanged);
        });

    [Fact]
    public Task A_change_of_the_address_that_was_asked_for_before_a_reset_loses() => Late(
        (client, alice) => client.RequestEmail(alice, "thief@example.test"), async (server, late) =>
        {
            Assert.Equal((403, "wrong_password"), ((int)late.Status, late.Code));
            Assert.Equal(0, await server.Count("account_proofs"));
        });

    /// <summary>Holds the writer with the reset next in line. So the other one reads the old row and verifies the old hash, and what it writes comes after the reset.</summary>
    private static async Task Late(Func<TestClient, Tokens, Task<Answer>> other, Func<TestServer, Answer, Task> check)
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        var alice = await client.Join("alice");
        var token = await server.ResetToken("alice");
        var (hasher, observed) = (server.Get<PasswordHasher>(), new ObservedDatabase(server.Database));
        var writer = new TemporaryDatabase.Gate(server.Database);
        var resetting = observed.Reset(server).Confirm(token, AccountClient.NewPassword, default(Caller) with { Network = "" }, default);
        Assert.True(SpinWait.SpinUntil(() => observed.Writes == 1, LaneGate.Patience));
        var before = hasher.BlocksFilled;
        var asking = other(client, alice);
        Assert.True(SpinWait.SpinUntil(() => hasher.BlocksFilled > before, LaneGate.Patience));
        await writer.Open();
        Assert.Equal(ProofOutcome.Done, (await resetting).Outcome);
        await check(server, await asking);
        await client.SignIn("alice", AccountClient.NewPassword);
    }
}
