using System.Net;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Proofs;

/// <summary>Each secret works now, works one second before its end, and is refused at the second.</summary>
public sealed class ProofLifetimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [Trait("ASVS", "6.6.2")]
    [InlineData("5", 5)]
    [InlineData("60", 60)]
    [InlineData("1440", 1440)]
    public Task A_reset(string setting, int minutes) => MustEnd("AVOUCH_RESET_EXPIRE_MINUTES", setting, TimeSpan.FromMinutes(minutes), "invalid_reset_token",
        async (server, name) => (await server.ResetToken(name), token => Ask(server, client => client.ConfirmReset(token))));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("24", 24)]
    public Task A_verification(string setting, int hours) => MustEnd("AVOUCH_VERIFICATION_EXPIRE_HOURS", setting, TimeSpan.FromHours(hours), "invalid_verification_token",
        async (server, name) => ((await server.MailedOne(MailTemplate.VerifyEmail, () => Ask(server, async client => await client.RequestVerification(await client.SignIn(name))))).Token(), token => Ask(server, client => client.Verify(token))));

    [Theory]
    [InlineData("5", 5)]
    [InlineData("60", 60)]
    public Task A_change_of_the_address(string setting, int minutes) => MustEnd("AVOUCH_EMAIL_CHANGE_EXPIRE_MINUTES", setting, TimeSpan.FromMinutes(minutes), "invalid_email_change_token",
        async (server, name) => (await server.EmailToken(await SignIn(server, name), $"new-{name}@example.test"), token => Ask(server, client => client.ConfirmEmail(token))));

    [Fact]
    public Task An_undo() => MustEnd("AVOUCH_RESET_EXPIRE_MINUTES", "60", TimeSpan.FromDays(7), "invalid_undo_token",
        async (server, name) => (await server.ChangeEmail(await SignIn(server, name), $"new-{name}@example.test"), token => Ask(server, client => client.UndoEmail(token))));

    [Fact]
    public async Task What_is_too_old_is_deleted_and_nothing_else()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        await client.Register("alice");   // a verification of 24 hours
        await server.ResetToken("alice");

        server.Time.Advance(TimeSpan.FromHours(1) - Second);
        Assert.Equal(0, await server.Get<AccountProofs>().Purge(default));
        server.Time.Advance(Second);
        Assert.Equal(1, await server.Get<AccountProofs>().Purge(default));
        Assert.Equal(1, await server.Count("account_proofs"));
    }

    [Fact]
    public async Task More_than_a_batch_of_old_ones_goes_in_one_run()
    {
        await using var server = await TestServer.Start();
        await server.Database.Write(async transaction =>
        {
            for (var i = 0; i < 1201; i++)
                await transaction.Execute(
                    "INSERT INTO account_proofs (hash, user_id, purpose, email, email_key, expires_at, cause) VALUES (@hash, @user, 'undo_email_change', 'x', 'x', 0, 1)",
                    ("hash", BitConverter.GetBytes(i)), ("user", Guid.Empty));
        });

        Assert.Equal(1201, await server.Get<AccountProofs>().Purge(default));
    }

    private static async Task MustEnd(string setting, string value, TimeSpan life, string code, Func<TestServer, string, Task<(string Token, Func<string, Task<Answer>> Use)>> begin)
    {
        await using var server = await TestServer.Start(settings: (setting, value));
        using (var client = server.Client())
            foreach (var name in (string[])["now", "just", "late"]) await client.Register(name);
        var (now, use) = await begin(server, "now");
        (await use(now)).MustBeDone();
        var (just, useJust) = await begin(server, "just");
        var (late, useLate) = await begin(server, "late");

        server.Time.Advance(life - Second);
        (await useJust(just)).MustBeDone();
        server.Time.Advance(Second);
        (await useLate(late)).MustBe(HttpStatusCode.BadRequest, code);
    }

    private static async Task<Tokens> SignIn(TestServer server, string name)
    {
        using var client = server.Client();
        return await client.SignIn(name);
    }

    private static async Task<Answer> Ask(TestServer server, Func<TestClient, Task<Answer>> ask)
    {
        using var client = server.Client();
        return await ask(client);
    }
}
