using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Auth;

/// <summary>Faults of tutorials in sign-up and sign-in, by the rows of our list of pitfalls, and what we do instead.</summary>
public sealed class PitfallsOfAccountsTests : ServerTests
{
    private const string Register = "/api/v1/auth/register";

    // B3
    [Fact]
    public async Task Registering_does_not_take_a_role()
    {
        var answer = await Client.PostJson(Register, new { username = "mallory", email = "mallory@example.test", password = TestClient.Password, role = "admin", roles = (string[])["admin"], is_verified = true, is_active = false, id = Guid.Empty, epoch = 7 });

        Assert.Equal((HttpStatusCode.Created, "user"), (answer.Status, answer.Json.Text("role")));
        Assert.Equal((true, false), (answer.Json.GetProperty("is_active").GetBoolean(), answer.Json.GetProperty("is_verified").GetBoolean()));
        Assert.NotEqual(Guid.Empty, answer.Json.GetProperty("id").GetGuid());
        var claims = (await Client.SignIn("mallory")).Claims;
        Assert.Equal(("avouch:account", 1), (claims.Text("scope"), claims.GetProperty("epoch").GetInt32()));
    }

    // A5, B12
    [Fact]
    public async Task A_disabled_account_is_refused_after_the_password_and_not_before()
    {
        await Server.Get<UserChanges>().Disable((await Client.Register("alice")).GetProperty("id").GetGuid());

        (await TrySignIn("alice", "wrong password")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        var refused = await TrySignIn("alice", TestClient.Password);
        refused.MustBe(HttpStatusCode.Forbidden, "account_disabled");
        var disabled = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.UserDisabled);
        Assert.Equal($"j-{disabled.Seq}", refused.Reason);   // whoever asks why finds when and by whom
    }

    // A5, B13, B14
    [Fact]
    public async Task Disabling_reaches_tokens_that_are_out_there_and_is_kept()
    {
        var tokens = await Client.Join("alice");
        await Server.Get<UserChanges>().Disable(tokens.Claims.GetProperty("sub").GetGuid());

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        await Restart();
        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await TrySignIn("alice", TestClient.Password)).MustBe(HttpStatusCode.Forbidden, "account_disabled");
    }

    // B9. ASVS 6.3.8
    [Fact]
    public async Task An_unknown_name_costs_a_hash_as_a_known_one_does()
    {
        await Client.Register("alice");
        var before = Server.Get<PasswordHasher>().BlocksFilled;
        await TrySignIn("alice", "wrong password");
        var known = Server.Get<PasswordHasher>().BlocksFilled - before;

        await TrySignIn("nobody", "wrong password");

        Assert.Equal(before + 2 * known, Server.Get<PasswordHasher>().BlocksFilled);
        Assert.NotEqual(0, known);
    }

    // A14
    [Fact]
    [Trait("ASVS", "11.4.2")]
    public async Task Passwords_are_stored_as_Argon2id()
    {
        await Client.Register("alice");
        await Client.Register("bob");

        var hashes = await Server.Database.Read(statements => statements.List("SELECT password_hash FROM users", static row => row.Text(0)));

        Assert.All(hashes, hash => Assert.StartsWith("$argon2id$v=19$", hash, StringComparison.Ordinal));
        Assert.NotEqual(hashes[0], hashes[1]);   // the same password, another salt
    }

    // A15. ASVS 6.2.5
    [Theory]
    [InlineData("nocapitalsnodigits")]
    [InlineData("        8 spaces and words")]
    public async Task A_password_needs_length_and_no_kinds_of_characters(string password) => await Client.Register("alice", password);

    // B15. ASVS 6.2.8
    [Fact]
    public async Task A_password_counts_to_its_last_character()
    {
        var same = new string('w', 36) + " ist nicht gleich " + new string('ö', 40);
        await Client.Register("alice", same + "a");
        await Client.Register("bob", "before\0behind it");

        (await TrySignIn("alice", same + "b")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await TrySignIn("bob", "before")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await TrySignIn("bob", "before\0behind us")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        await Client.SignIn("alice", same + "a");
    }

    // B16
    [Fact]
    public async Task A_password_that_is_too_long_is_refused_before_it_is_hashed()
    {
        var before = Server.Get<PasswordHasher>().BlocksFilled;

        (await Client.PostJson(Register, new { email = "alice@example.test", password = new string('x', 60_000) })).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");

        Assert.Equal(before, Server.Get<PasswordHasher>().BlocksFilled);
    }

    // B17
    [Theory]
    [InlineData("x")]
    [InlineData("password")]
    public async Task At_sign_in_there_is_no_policy(string password)
    {
        await Client.Register("alice");

        (await TrySignIn("alice", password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    // B18
    [Fact]
    public async Task Nobody_can_take_somebodys_address_as_a_user_name()
    {
        await Client.Register("victim");

        var answer = await Client.PostJson(Register, new { username = "victim@example.test", email = "mallory@example.test", password = TestClient.Password });

        Assert.Equal("username", answer.MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input").Fields());
    }

    // B19
    [Fact]
    public async Task Names_and_addresses_are_unique_in_their_normal_form()
    {
        await Client.Register("alice");

        (await Client.PostJson(Register, new { username = "ＡＬＩＣＥ", email = "x@example.test", password = TestClient.Password })).MustBe(HttpStatusCode.Conflict, "username_taken");
        (await Client.PostJson(Register, new { username = "x", email = "ALICE@EXAMPLE.TEST", password = TestClient.Password })).MustBe(HttpStatusCode.UnprocessableEntity, "invalid_input");
        (await Client.PostJson(Register, new { username = "xy", email = "ALICE@EXAMPLE.TEST", password = TestClient.Password })).MustBe(HttpStatusCode.Conflict, "email_taken");
    }

    // B40
    [Fact]
    public async Task Two_who_register_one_name_at_once_get_one_account_and_one_conflict()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(n => Client.PostJson(Register, new { username = "alice", email = $"alice{n}@example.test", password = TestClient.Password })));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], answers.Select(answer => answer.Status).Order());
    }

    // B30
    [Fact]
    public async Task Users_do_not_see_each_other()
    {
        var bob = (await Client.Register("bob")).GetProperty("id").GetGuid();
        var alice = await Client.Join("alice");

        (await Client.Get("/api/v1/users", alice.AccessToken)).MustBe(HttpStatusCode.Forbidden, "missing_permission").MustNotEcho("bob");
        (await Client.Get($"/api/v1/users/{bob}", alice.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await Client.Get("/api/v1/users/1", alice.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
        (await Client.Get("/users", alice.AccessToken)).MustBe(HttpStatusCode.NotFound, "not_found");
    }

    // B7, A13
    [Fact]
    public async Task A_new_password_ends_every_session()
    {
        var tokens = await Client.Join("alice");
        var hash = await Server.Get<PasswordHasher>().Hash("another horse 43", "test", default);

        await Server.Get<UserChanges>().SetPassword(tokens.Claims.GetProperty("sub").GetGuid(), hash.Hash!);

        (await Client.Me(tokens)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        Assert.Single(await Server.Journal(), entry => entry is { Kind: JournalKind.SessionEnded, Detail: EndReason.PasswordChanged });
    }

    private Task<Answer> TrySignIn(string username, string password) => Client.PostJson("/api/v1/auth/login", new { username, password });
}
