using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.House;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Limits;

/// <summary>Every new password makes the devices strangers that knew the old one; but for the device on which somebody has just changed it.</summary>
public sealed class PasswordEpochTests : ServerTests
{
    private const string ChangeUrl = "/api/v1/auth/password/change";
    private const string DeviceCookie = "__Host-avouch-device";

    [Theory]
    [InlineData("change")]
    [InlineData("reset")]
    [InlineData("operator")]
    [InlineData("undo")]
    public async Task A_device_is_forgotten_with_the_password_however_it_was_replaced(string way)
    {
        await Client.Register("alice");
        var signedIn = (await Client.TrySignIn("alice", TestClient.Password)).Json;
        var (tokens, device) = (new Tokens(signedIn.Text("access_token"), signedIn.Text("refresh_token")), signedIn.Text("device_token"));
        var undo = way == "undo" ? await Server.ChangeEmail(tokens, "other@example.test") : "";
        Assert.NotNull(await Find(device));
        var before = await Epoch();

        switch (way)
        {
            case "change": (await Client.ChangePassword(tokens, TestClient.Password, AccountClient.NewPassword)).MustBeDone(); break;
            case "reset": (await Client.ConfirmReset(await Server.ResetToken("alice"))).MustBeDone(); break;
            case "undo": (await Client.UndoEmail(undo)).MustBeDone(); break;
            default: await Server.Get<UserChanges>().SetPassword(tokens.UserId(), (await Server.Get<PasswordHasher>().Hash(AccountClient.NewPassword, "", default)).Hash!); break;
        }

        Assert.Null(await Find(device));
        Assert.Equal(before + 1, await Epoch());
    }

    [Fact]
    public async Task A_hash_that_a_sign_in_renews_is_the_same_password()
    {
        await Client.Register("alice");
        var device = (await Client.TrySignIn("alice", TestClient.Password)).Json.Text("device_token");
        var hash = await Hash();
        await Restart(("AVOUCH_ARGON2_ITERATIONS", "2"));

        await Client.SignIn("alice");

        Assert.NotEqual(hash, await Hash());
        Assert.NotNull(await Find(device));
    }

    /// <summary>Whoever writes another statement has to ask whether it is another password, and adds it here.</summary>
    [Fact]
    public void The_statements_that_set_a_password_are_those_that_are_tested()
    {
        var found = Repository.Sources("src/Avouch.Server").Where(file => Regex.IsMatch(Repository.Read(file), @"UPDATE users\s+SET[^;""]*?(?<!AND |WHERE )password_hash = ", RegexOptions.Singleline))
            .Select(Path.GetFileName).Order(StringComparer.Ordinal);

        Assert.Equal(["EmailUndo.cs", "PasswordChange.cs", "PasswordReset.cs", "UserChanges.cs", "UserSessions.cs"], found);
    }

    [Fact]
    public async Task The_device_that_changes_the_password_stays_the_one_it_was_and_no_other_does()
    {
        await Client.Register("alice");
        var own = (await Client.TrySignIn("alice", TestClient.Password)).Json;
        var other = (await Client.TrySignIn("alice", TestClient.Password)).Json.Text("device_token");
        var before = (await Find(own.Text("device_token")))!.Value;

        var answer = await Change(own.Text("access_token"), ("Avouch-Device", own.Text("device_token")));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.False(answer.Headers.ContainsKey("Set-Cookie"));
        var after = (await Find(answer.Json.Text("device_token")))!.Value;
        Assert.Equal((before.DeviceId, before.PasswordEpoch + 1), (after.DeviceId, after.PasswordEpoch));
        foreach (var stranger in (string[])[own.Text("device_token"), other]) Assert.Null(await Find(stranger));
    }

    [Fact]
    public async Task A_browser_gets_it_in_the_cookie_where_the_one_before_was()
    {
        await Client.Register("alice");
        var own = (await Client.TrySignIn("alice", TestClient.Password)).Json;

        var answer = await Change(own.Text("access_token"), ("Cookie", $"{DeviceCookie}={own.Text("device_token")}"));

        answer.Json.MustMatchGolden("password-changed");
        var cookie = Regex.Match(answer.Headers["Set-Cookie"], $"^{DeviceCookie}=(avd_[\\w-]+); max-age=34560000; path=/; secure; samesite=strict; httponly$");
        Assert.True(cookie.Success, answer.Headers["Set-Cookie"]);
        Assert.NotNull(await Find(cookie.Groups[1].Value));
    }

    [Fact]
    public async Task A_reset_makes_the_device_known_that_finishes_it_in_a_cookie_where_it_had_one()
    {
        await Client.Register("alice");
        var (old, secret) = ((await Client.TrySignIn("alice", TestClient.Password)).Json.Text("device_token"), await Server.ResetToken("alice"));
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/password/reset/confirm") { Content = JsonContent.Create(new { token = secret, new_password = AccountClient.NewPassword }) };
        request.Headers.TryAddWithoutValidation("Cookie", $"{DeviceCookie}={old}");

        var answer = (await Client.Send(request)).MustBeDone();

        Assert.DoesNotContain("avd_", answer.Text, StringComparison.Ordinal);
        Assert.NotNull(await Find(Regex.Match(answer.Headers["Set-Cookie"], $"^{DeviceCookie}=(avd_[\\w-]+);").Groups[1].Value));
        Assert.Null(await Find(old));
        Assert.NotNull(await Find((await Client.ConfirmReset(await Server.ResetToken("alice"), "battery staple 44")).MustBeDone().Json.Text("device_token")));
    }

    [Fact]
    public async Task A_device_that_was_a_strangers_or_somebody_elses_stays_one()
    {
        await Client.Register("mallory");
        var foreign = (await Client.TrySignIn("mallory", TestClient.Password)).Json.Text("device_token");
        foreach (var (name, device) in new[] { ("alice", foreign), ("bob", "avd_garbage"), ("carol", "") })
        {
            var tokens = await Client.Join(name);

            var answer = await Change(tokens.AccessToken, ("Avouch-Device", device));

            answer.MustBeDone().Json.MustMatchGolden("password-changed");
            Assert.False(answer.Headers.ContainsKey("Set-Cookie"));
        }
    }

    [Fact]
    public async Task A_wrong_current_password_leaves_the_device_as_it_is()
    {
        await Client.Register("alice");
        var own = (await Client.TrySignIn("alice", TestClient.Password)).Json;

        var answer = (await Change(own.Text("access_token"), ("Avouch-Device", own.Text("device_token")), "wrong")).MustBe(HttpStatusCode.Forbidden, "wrong_password");

        Assert.DoesNotContain("avd_", answer.Text, StringComparison.Ordinal);
        Assert.NotNull(await Find(own.Text("device_token")));
    }

    private async Task<Avouch.Protocol.DeviceToken?> Find(string device) => await Server.Get<KnownDevices>().Find(device, "alice");

    private async Task<long> Epoch() => await Server.Database.Read(statements => statements.Find("SELECT password_epoch FROM users", static row => row.Long(0)));

    private async Task<string?> Hash() => await Server.Database.Read(statements => statements.Find("SELECT password_hash FROM users", static row => row.Text(0)));

    private Task<Answer> Change(string access, (string Name, string Value) header, string current = TestClient.Password)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, ChangeUrl) { Content = JsonContent.Create(new { current_password = current, new_password = AccountClient.NewPassword }) };
        if (header.Value.Length > 0) request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return Client.Send(request, access);
    }
}
