using System.Net;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Passwords;
using Avouch.Server.Tests.Races;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Auth;

/// <summary>Users whose password was hashed by another system: they sign in as ever, and nobody sees from outside who they are.</summary>
public sealed class ForeignSignInTests : ServerTests
{
    private const string Today = "$argon2id$v=19$m=64,t=1,p=1$";

    private static readonly ForeignSample Bcrypt = ForeignSample.Of("bcrypt 3", "$2a$04$");
    private static readonly ForeignSample Django = ForeignSample.Of("Django 3", "pbkdf2_sha256$");
    private static readonly ForeignSample Passlib = ForeignSample.Of("passlib", "$pbkdf2-sha512$");
    private static readonly ForeignSample BetterAuth = ForeignSample.Of("better-auth", "");
    private static readonly ForeignSample Cffi = ForeignSample.Of("passlib", "$argon2id$");

    [Theory]
    [InlineData("bcrypt 3", "$2b$"), InlineData("passlib", "$bcrypt-sha256$"), InlineData("passlib", "$pbkdf2-sha256$"), InlineData("Django 3", "pbkdf2_sha1$")]
    [InlineData("better-auth", ""), InlineData("firebase-scrypt", ""), InlineData("passlib", "$scrypt$"), InlineData("argon2-cffi", "$argon2i$"), InlineData("argon2-cffi", "$argon2id$")]
    [Trait("ASVS", "11.4.2")]
    public async Task A_right_password_is_rehashed_at_the_first_sign_in(string by, string start)
    {
        await Add("alice", ForeignSample.Of(by, start).Hash);

        (await TrySignIn("alice", "a wrong password")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.DoesNotContain(Today, await HashOf("alice"), StringComparison.Ordinal);
        await Client.SignIn("alice");
        Assert.StartsWith(Today, await HashOf("alice"), StringComparison.Ordinal);
        await Client.SignIn("alice");
        (await TrySignIn("alice", "a wrong password")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task A_slip_behind_what_bcrypt_compares_does_not_become_the_password()
    {
        var compared = new string('a', 72);
        var hash = BcryptTests.Hash(compared);
        await Add("alice", hash);

        await Client.SignIn("alice", compared + "slip");
        Assert.Equal(hash, await HashOf("alice"));
        await Client.SignIn("alice", compared + "right");

        await Client.SignIn("alice", compared);
        Assert.StartsWith(Today, await HashOf("alice"), StringComparison.Ordinal);   // all of it was compared
    }

    [Fact]
    public async Task A_session_does_not_start_on_a_foreign_hash_that_has_been_replaced_meanwhile()
    {
        var user = await Add("alice", Bcrypt.Hash);
        var found = (await Server.Get<UserAccounts>().FindCredentials("alice"))!;
        var result = await Server.Get<PasswordHasher>().Verify(TestClient.Password, found.PasswordHash, "test", default);
        Assert.StartsWith(Today, result.Rehashed, StringComparison.Ordinal);
        await Server.Get<UserChanges>().SetPassword(user, Django.Hash);

        var signIn = new VerifiedSignIn(user, found.PasswordHash, result.Rehashed, TokenIssuer.FirstParty, TokenIssuer.FirstPartyScope);

        Assert.Null(await Server.Get<UserSessions>().Start(signIn, Server.Get<TokenIssuer>().AccessUntil(), default));
        Assert.Equal((Django.Hash, 0L), (await HashOf("alice"), await Server.Count("sessions")));
    }

    [Fact]
    public async Task Sixteen_first_sign_ins_at_once_all_succeed()
    {
        await Add("alice", Bcrypt.Hash);
        using var race = new Race(Server);

        var answers = await race.Run((runner, _) => runner.PostJson("/api/v1/auth/login", new { username = "alice", password = TestClient.Password }));

        Assert.Equal(Race.Runners, Race.Count(answers, 200));
        Assert.StartsWith(Today, await HashOf("alice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_signs_in_to_an_account_without_a_hash()
    {
        await Add("alice", StoredHash.OfNobody);

        foreach (var password in (string[])[StoredHash.OfNobody, TestClient.Password])
            (await TrySignIn("alice", password)).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    // ASVS 6.3.8
    [Fact]
    public async Task Every_refusal_does_the_same_work_of_every_kind_that_is_stored()
    {
        await Client.Register("anna");
        await Add("bert", Bcrypt.Hash);
        await Add("carl", ForeignSample.Of("passlib", "$2a$05$").Hash);
        await Add("dora", Django.Hash);
        await Add("emil", Passlib.Hash);
        await Add("fred", BetterAuth.Hash);
        await Add("gerd", Cffi.Hash);
        await Add("hans", StoredHash.OfNobody);

        var unknown = await CostOf("nobody");

        foreach (var name in (string[])["anna", "bert", "carl", "dora", "emil", "fred", "gerd", "hans", "nobody@example.test"]) Assert.Equal(unknown, await CostOf(name));
        foreach (var sample in (ForeignSample[])[Bcrypt, Django, Passlib, BetterAuth, Cffi])
        {
            var work = ForeignHash.Parse(sample.Hash).Hash!.Work;
            Assert.InRange(unknown[work.Kind], work.Amount, long.MaxValue);
        }
        await Restart();
        Assert.Equal(unknown, await CostOf("nobody"));
    }

    [Fact]
    public async Task The_setting_turns_it_off()
    {
        await Restart(("AVOUCH_EQUALISE_REFUSALS", "false"));
        await Add("alice", Bcrypt.Hash);

        Assert.Equal(0, (await CostOf("nobody"))[WorkKind.Bcrypt]);
        Assert.Equal(64, (await CostOf("nobody"))[WorkKind.Argon2]);
        Assert.Equal((16, 0), ((await CostOf("alice"))[WorkKind.Bcrypt], (await CostOf("alice"))[WorkKind.Argon2]));
    }

    [Fact]
    public async Task What_nobody_has_any_more_is_forgotten_at_the_next_start()
    {
        await Add("alice", Bcrypt.Hash);
        await Add("bert", Cffi.Hash);
        await Add("carl", StoredHash.OfNobody);
        await Client.SignIn("alice");
        await Restart();
        Assert.Equal("argon2 2048, bcrypt 16", await Table());

        await Client.SignIn("bert");
        await Restart();

        Assert.Equal("argon2 64", await Table());
        Assert.Equal(0, (await CostOf("nobody"))[WorkKind.Bcrypt]);
    }

    [Fact]
    public async Task What_was_not_stored_is_not_counted()
    {
        await Client.Register("alice");

        var again = await Server.Get<UserAccounts>().Add(new NewUser("alice", "alice@example.test", null, Role.User, BetterAuth.Hash), null);

        Assert.Null(again.User);
        Assert.Equal("argon2 64", await Table());
        Assert.Equal(0, (await CostOf("nobody"))[WorkKind.Scrypt]);
    }

    private async Task<Guid> Add(string name, string hash) =>
        (await Server.Get<UserAccounts>().Add(new NewUser(name, $"{name}@example.test", null, Role.User, hash), null)).User!.Id;

    private async Task<string> HashOf(string name) => (await Server.Get<UserAccounts>().FindCredentials(name))!.PasswordHash;

    private Task<Answer> TrySignIn(string username, string password) => Client.PostJson("/api/v1/auth/login", new { username, password });

    private async Task<Dictionary<WorkKind, long>> CostOf(string name)
    {
        var hasher = Server.Get<PasswordHasher>();
        var before = Enum.GetValues<WorkKind>().ToDictionary(kind => kind, hasher.WorkDone);
        (await TrySignIn(name, "a wrong password")).MustBe(HttpStatusCode.Unauthorized, "invalid_credentials");
        return before.ToDictionary(pair => pair.Key, pair => hasher.WorkDone(pair.Key) - pair.Value);
    }

    private async Task<string> Table() => string.Join(", ", await Server.Database.Read(statements => statements.List(
        "SELECT kind, work FROM password_costs ORDER BY kind", static row => $"{row.Text(0)} {row.Long(1)}")));
}
