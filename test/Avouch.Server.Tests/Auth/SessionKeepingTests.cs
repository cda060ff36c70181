using System.Net;
using Avouch.Protocol;
using Avouch.Server.Journal;
using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Auth;

/// <summary>How many rows there are, how long they stay, and what outlives a restart.</summary>
public sealed class SessionKeepingTests : ServerTests
{
    private protected override (string, string)[] Settings => [("AVOUCH_SESSIONS_PER_USER", "3"), ("AVOUCH_ACCESS_TOKEN_EXPIRE_MINUTES", "1440")];

    [Fact]
    [Trait("ASVS", "7.1.2")]
    public async Task With_one_session_too_many_the_oldest_ends()
    {
        await Client.Register("alice");
        var sessions = new List<Tokens>();
        for (var i = 0; i < 4; i++)
        {
            sessions.Add(await Client.SignIn("alice"));
            Pass(TimeSpan.FromSeconds(1));
        }

        (await Client.Me(sessions[0])).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        foreach (var tokens in sessions.Skip(1)) Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        var end = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.SessionEnded);
        Assert.Equal((EndReason.TooMany, (Guid?)sessions[0].SessionId), (end.Detail, end.SessionId));
    }

    [Fact]
    public async Task Ended_and_expired_sessions_do_not_count()
    {
        var first = await Client.Join("alice");
        for (var i = 0; i < 6; i++) await Client.Logout(await Client.SignIn("alice"));

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(first)).Status);
    }

    [Fact]
    public async Task Ten_thousand_refreshes_leave_one_row_and_no_journal()
    {
        var tokens = await Client.Join("alice");
        var (rotation, until) = (Server.Get<Rotation>(), Server.Time.GetUtcNow().AddMinutes(15));
        var rows = (await Server.Journal()).Count;

        foreach (var batch in Enumerable.Range(1, 10_000).Chunk(500))   // the writer keeps their order and commits many at once
        {
            var rotated = await Task.WhenAll(batch.Select(generation => rotation.Rotate(new RefreshToken(tokens.SessionId, generation), TokenIssuer.FirstParty, until, default).AsTask()));
            Assert.All(rotated, one => Assert.NotNull(one.Grant));
        }
        Assert.Equal(10_001, await Server.Database.Read(statements => statements.Find("SELECT generation FROM sessions", static row => row.Long(0))));

        Assert.Equal(1, await Server.Count("sessions"));
        Assert.Equal(rows, (await Server.Journal()).Count);
        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Fact]
    public async Task A_token_from_the_future_of_the_database_is_refused_and_ends_nothing()
    {
        var tokens = await Client.Join("alice");
        var ahead = new RefreshToken(tokens.SessionId, 7).Mint(Server.Get<RefreshKeys>().Current);

        var first = (await Client.TryRefresh(ahead)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        await Client.TryRefresh(ahead);

        var alarm = Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.DatabaseWentBack);
        Assert.Equal($"j-{alarm.Seq}", first.Reason);
        await Client.Refresh(tokens);
    }

    [Fact]
    public async Task An_ended_session_stays_until_none_of_its_tokens_can_be_alive()
    {
        var tokens = await Client.Join("alice");
        await Client.Logout(tokens);
        var far = SessionPurge.KeepEnded + TimeSpan.FromDays(10);
        await SetAccessUntil(Server.Time.GetUtcNow() + far);

        Pass(far + TimeSpan.FromSeconds(60));
        Assert.Equal(1, await PurgeAndCount());
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await PurgeAndCount());

        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }

    [Fact]
    public async Task A_living_session_is_never_purged_and_an_expired_one_in_the_end()
    {
        var tokens = await Client.Join("alice");
        Pass(TimeSpan.FromDays(29));
        Assert.Equal(1, await PurgeAndCount());
        await Client.Refresh(tokens);

        Pass(TimeSpan.FromDays(30) + SessionPurge.KeepEnded);
        Assert.Equal(1, await PurgeAndCount());
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await PurgeAndCount());
    }

    // ASVS 7.4.1
    [Fact]
    public async Task A_second_start_finds_everything_again()
    {
        var alive = await Client.Join("alice");
        var ended = await Client.SignIn("alice");
        await Client.Logout(ended);
        var keys = (await Client.Get("/.well-known/jwks.json")).Text;

        await Restart();

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(alive)).Status);
        await Client.Refresh(alive);
        await Client.SignIn("alice");
        (await Client.Me(ended)).MustBe(HttpStatusCode.Unauthorized, "session_ended");
        (await Client.TryRefresh(ended.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
        Assert.Equal(keys, (await Client.Get("/.well-known/jwks.json")).Text);
    }

    // ASVS 11.4.2
    [Fact]
    [Trait("ASVS", "11.2.2")]
    public async Task A_password_is_hashed_anew_at_sign_in_when_the_cost_has_risen()
    {
        await Client.Register("alice");
        Assert.StartsWith("$argon2id$v=19$m=64,t=1,p=1$", await StoredHash(), StringComparison.Ordinal);

        await Restart(("AVOUCH_ARGON2_MEMORY_KIB", "128"), ("AVOUCH_ARGON2_ITERATIONS", "2"));
        await Client.SignIn("alice");
        var raised = await StoredHash();
        await Client.SignIn("alice");

        Assert.StartsWith("$argon2id$v=19$m=128,t=2,p=1$", raised, StringComparison.Ordinal);
        Assert.Equal(raised, await StoredHash());
        Assert.DoesNotContain(await Server.Journal(), entry => entry.Kind == JournalKind.PasswordChanged);
    }

    [Fact]
    public async Task A_wrong_password_hashes_nothing_anew()
    {
        await Client.Register("alice");
        var before = await StoredHash();

        await Restart(("AVOUCH_ARGON2_MEMORY_KIB", "128"));
        await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = "wrong" });

        Assert.Equal(before, await StoredHash());
    }

    /// <summary>The housekeeping of the server may have been there first.</summary>
    private async Task<long> PurgeAndCount()
    {
        await Server.Get<SessionPurge>().Run(default);
        return await Server.Count("sessions");
    }

    private async Task<string> StoredHash() => (await Server.Database.Read(statements => statements.Find("SELECT password_hash FROM users", static row => row.Text(0))))!;

    private async Task SetAccessUntil(DateTimeOffset until) =>
        await Server.Database.Write(transaction => transaction.Execute("UPDATE sessions SET access_until = @until", ("until", until)));
}
