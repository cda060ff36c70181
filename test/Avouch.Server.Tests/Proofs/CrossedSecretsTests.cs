using System.Net;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Proofs;

/// <summary>A secret is good for the one thing that it was made for, and for one person.</summary>
public sealed class CrossedSecretsTests : ServerTests
{
    private static readonly (string Path, string Code)[] Confirmations =
    [
        ("/api/v1/auth/password/reset/confirm", "invalid_reset_token"),
        ("/api/v1/auth/email/verification/confirm", "invalid_verification_token"),
        ("/api/v1/auth/email/change/confirm", "invalid_email_change_token"),
        ("/api/v1/auth/email/change/undo", "invalid_undo_token"),
    ];

    // B1
    [Fact]
    [Trait("ASVS", "6.6.2")]
    public async Task A_secret_of_one_purpose_is_refused_for_every_other_and_still_good_for_its_own()
    {
        var undo = await Server.ChangeEmail(await Client.Join("alice"), "new@example.test");
        var verify = (await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("bob"))).Token();
        var change = await Server.EmailToken(await Client.SignIn("bob"), "other@example.test");
        await Client.Register("carol");
        var reset = await Server.ResetToken("carol");
        string[] secrets = [reset, verify, change, undo];

        for (var own = 0; own < secrets.Length; own++)
            for (var other = 0; other < Confirmations.Length; other++)
                if (own != other)
                    (await Confirm(Confirmations[other].Path, secrets[own])).MustBe(HttpStatusCode.BadRequest, Confirmations[other].Code).MustNotEcho(secrets[own]);

        foreach (var own in (int[])[0, 1, 3]) (await Confirm(Confirmations[own].Path, secrets[own])).MustBeDone();
    }

    // B2
    [Fact]
    public async Task A_mailed_secret_is_no_way_to_sign_in()
    {
        var verify = (await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"))).Token();
        var reset = await Server.ResetToken("alice");

        foreach (var secret in (string[])[verify, reset])
        {
            (await Client.Get("/api/v1/users/me", secret)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
            (await Client.TryRefresh(secret)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
            (await Client.TrySignIn("alice", secret)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        }
        Assert.Equal(0, await Server.Count("sessions"));
    }

    // B1, B2
    [Fact]
    public async Task A_token_of_a_session_is_no_mailed_secret()
    {
        var tokens = await Client.Join("alice");

        foreach (var (path, code) in Confirmations)
            foreach (var token in (string[])[tokens.AccessToken, tokens.RefreshToken])
                (await Confirm(path, token)).MustBe(HttpStatusCode.BadRequest, code).MustNotEcho(token);
    }

    [Fact]
    public async Task What_was_never_made_is_refused_like_what_was_used()
    {
        await Client.Register("alice");
        var used = await Server.ResetToken("alice");
        (await Client.ConfirmReset(used)).MustBeDone();
        var never = ProofToken.Make().Text;

        foreach (var token in (string[])[never, never.ToUpperInvariant(), $" {used}", $"{used} ", used[..^1], used + "A", "avp_", "x", "null", new('A', 60_000)])
            Assert.Equal((await Client.ConfirmReset(used)).Body, (await Client.ConfirmReset(token)).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token").Body);
    }

    [Fact]
    [Trait("ASVS", "6.6.3")]
    public void A_secret_has_256_random_bits_and_a_form_that_scanners_find()
    {
        var all = Enumerable.Range(0, 1000).Select(_ => ProofToken.Make()).ToList();

        Assert.Equal(1000, all.Select(token => token.Text).Distinct().Count());
        Assert.All(all, token => Assert.Matches("^avp_[A-Za-z0-9_-]{43}$", token.Text));
        Assert.All(all, token => Assert.Equal(token.Hash, ProofToken.Read(token.Text)!.Hash));
        Assert.All(all, token => Assert.DoesNotContain(token.Text, token.ToString(), StringComparison.Ordinal));   // a careless log line shows nothing
    }

    /// <summary>Whoever reads the database, or a backup of it, cannot use what is out there.</summary>
    [Fact]
    public async Task Nothing_that_was_mailed_stands_in_the_database_the_log_or_the_journal()
    {
        var verify = (await Server.MailedOne(MailTemplate.VerifyEmail, () => Client.Register("alice"))).Token();
        var alice = await Client.SignIn("alice");
        var reset = await Server.ResetToken("alice");
        var change = await Server.EmailToken(alice, "new@example.test");
        (await Client.ConfirmReset(reset, "short")).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
        (await Client.ConfirmEmail(reset)).MustBe(HttpStatusCode.BadRequest, "invalid_email_change_token");
        var undo = (await Server.MailedOne(MailTemplate.EmailChanged, () => Client.ConfirmEmail(change))).Token();
        await Restart();

        foreach (var secret in (string[])[verify, reset, change, undo])
        {
            Assert.DoesNotContain(Server.Logs.Lines, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(await Server.Journal(), entry => entry.ToString().Contains(secret, StringComparison.Ordinal));
            foreach (var file in Directory.GetFiles(Server.Folder, "avouch.db*")) Assert.False(await Holds(file, secret[ProofToken.Prefix.Length..]), $"{Path.GetFileName(file)} holds a secret");
        }
    }

    /// <summary>A restored database has forgotten what was used: a secret from before counts no more.</summary>
    [Fact]
    public async Task A_restore_kills_them()
    {
        await Client.Register("alice");
        var reset = await Server.ResetToken("alice");
        var file = Path.Combine(Scratch, "backup");
        await Server.BackUp(file);
        (await Client.ConfirmReset(reset)).MustBeDone();

        await Server.Restore(file);
        Reconnect();

        (await Client.ConfirmReset(reset, "yet another one 44")).MustBe(HttpStatusCode.BadRequest, "invalid_reset_token");
        await Client.SignIn("alice");
    }

    private Task<Answer> Confirm(string path, string token) => Client.PostJson(path, new { token, new_password = AccountClient.NewPassword });

    private static async Task<bool> Holds(string path, string secret)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) >= 0;
    }
}
