using Avouch.Server.Sessions;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Metrics;

/// <summary>What <c>/metrics</c> says is what happened, no more and no less, in a text that a strict reader takes.</summary>
public sealed class MetricsTests : ServerTests
{
    [Fact]
    public async Task The_text_is_what_the_format_asks_for()
    {
        await Client.Join("alice");

        var answer = await Client.Get("/metrics");

        Assert.Equal(("text/plain; version=0.0.4; charset=utf-8", "no-store"), (answer.Headers["Content-Type"], answer.Headers["Cache-Control"]));
        var read = Exposition.Parse(answer.Text);
        Assert.Contains("dotnet_gc_heap_total_allocated_bytes_total", read.Families.Keys);   // the runtime's own figures
        Assert.Equal(1, read.Value($"avouch_build_info{{version=\"{Product.Version}\"}}"));
        Assert.Equal(Server.Time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0, read.Value("process_start_time_seconds"));
    }

    [Fact]
    public async Task Sign_ins_are_counted_by_how_they_went()
    {
        await Client.Register("alice");
        await Client.Register("bob");
        await Server.Get<UserChanges>().Disable((await Server.Get<UserAccounts>().FindCredentials("bob"))!.User.Id);

        await Expect(
            async () =>
            {
                await Client.SignIn("alice");
                await Client.SignIn("alice");
                await Client.PostJson("/api/v1/auth/login", new { username = "alice", password = "wrong Passw0rd" });
                await Client.PostJson("/api/v1/auth/login", new { username = "nobody", password = "wrong Passw0rd" });
                await Client.PostForm("/api/v1/auth/token", ("username", "alice"), ("password", "wrong Passw0rd"));
                await Client.PostJson("/api/v1/auth/login", new { username = "bob", password = TestClient.Password });
            },
            ("avouch_sign_ins_total{result=\"right\"}", 2), ("avouch_sign_ins_total{result=\"wrong\"}", 3), ("avouch_sign_ins_total{result=\"disabled\"}", 1),
            ("avouch_sign_ins_total{result=\"busy\"}", 0), ("avouch_sessions_started_total", 2), ("avouch_sessions_active", 2),
            ("avouch_journal_rows_total{kind=\"session.started\"}", 2), ("avouch_journal_rows_total{kind=\"sign_in.failed\"}", 3),
            ("avouch_refusals_total{code=\"invalid_credentials\"}", 3), ("avouch_refusals_total{code=\"account_disabled\"}", 1));
    }

    [Fact]
    public async Task Refreshes_repeats_and_replays_are_told_apart()
    {
        var first = await Client.Join("alice");

        await Expect(
            async () =>
            {
                var second = await Client.Refresh(first);
                await Client.Refresh(first);
                Pass(TimeSpan.FromSeconds(30));
                await Client.TryRefresh(first.RefreshToken);
                await Client.TryRefresh(second.RefreshToken);
                await Client.TryRefresh(second.RefreshToken[..^1] + (second.RefreshToken[^1] == 'A' ? 'B' : 'A'));
            },
            ("avouch_refreshes_total{result=\"fresh\"}", 1), ("avouch_refreshes_total{result=\"repeat\"}", 1), ("avouch_refreshes_total{result=\"replayed\"}", 1),
            ("avouch_refreshes_total{result=\"ended\"}", 1), ("avouch_refreshes_total{result=\"forged\"}", 1), ("avouch_refreshes_total{result=\"unknown\"}", 0),
            ("avouch_sessions_ended_total{reason=\"refresh_token_replayed\"}", 1), ("avouch_sessions_active", -1), ("avouch_revocations_entries", 1));
    }

    [Fact]
    public async Task The_end_of_all_sessions_is_the_end_of_each()
    {
        var root = await Server.JoinAs(Client, "root", Role.Admin);
        await Client.SignUpMany(3);
        await Server.Get<SessionCount>().Run();
        Assert.Equal(4, (await Scrape()).Value("avouch_sessions_active"));

        await Expect(
            async () => (await Client.Post("/api/v1/admin/sessions/end", root.AccessToken)).MustBeDone(),
            ("avouch_sessions_active", -4), ("avouch_sessions_ended_total{reason=\"ended_by_administrator\"}", 4), ("avouch_revocations_entries", 4));
    }

    [Fact]
    public async Task Active_sessions_are_counted_at_the_start_kept_up_and_counted_again_every_hour()
    {
        var tokens = await Client.SignUpMany(3);
        await Client.Logout(tokens[0]);
        await Restart();
        await Server.Get<SessionCount>().Run();
        Assert.Equal(2, (await Scrape()).Value("avouch_sessions_active"));

        await Client.SignIn("person0");
        Assert.Equal(3, (await Scrape()).Value("avouch_sessions_active"));

        Pass(TimeSpan.FromDays(30));   // all of them have run out, and nobody has said so
        await Server.Get<SessionCount>().Run();
        Assert.Equal(0, (await Scrape()).Value("avouch_sessions_active"));
    }

    [Fact]
    public async Task The_cache_of_verified_tokens_tells_hits_from_misses()
    {
        var tokens = await Client.Join("alice");

        await Expect(
            async () =>
            {
                await Client.Me(tokens);
                await Client.Me(tokens);
                await Client.Me(tokens);
                await Client.Get("/api/v1/users/me", "no-t0ken-at-all");
                await Client.Get("/api/v1/users/me");
            },
            ("avouch_token_cache_lookups_total{result=\"miss\"}", 2), ("avouch_token_cache_lookups_total{result=\"hit\"}", 2), ("avouch_token_cache_entries", 1));
    }

    [Fact]
    public async Task Requests_are_counted_by_route_method_and_class_of_status()
    {
        var tokens = await Client.Join("alice");

        await Expect(
            async () =>
            {
                await Client.Me(tokens);
                await Client.Get("/api/v1/users/me");
                await Client.Delete($"/api/v1/auth/sessions/{Guid.CreateVersion7(Server.Time.GetUtcNow())}", tokens.AccessToken);
                await Client.Delete($"/api/v1/auth/sessions/{tokens.SessionId}", tokens.AccessToken);
            },
            ("avouch_http_request_duration_seconds_count{route=\"/api/v1/users/me\",method=\"GET\",status=\"2xx\"}", 1),
            ("avouch_http_request_duration_seconds_count{route=\"/api/v1/users/me\",method=\"GET\",status=\"4xx\"}", 1),
            ("avouch_http_request_duration_seconds_count{route=\"/api/v1/auth/sessions/{id}\",method=\"DELETE\",status=\"4xx\"}", 1),
            ("avouch_http_request_duration_seconds_count{route=\"/api/v1/auth/sessions/{id}\",method=\"DELETE\",status=\"2xx\"}", 1));
    }

    [Fact]
    public async Task A_fault_of_ours_is_5xx()
    {
        var tokens = await Client.Join("alice");
        await Server.Database.Write(transaction => transaction.Execute("ALTER TABLE sessions RENAME TO elsewhere"));

        await Expect(async () => await Client.TryRefresh(tokens.RefreshToken),
            ("avouch_http_request_duration_seconds_count{route=\"/api/v1/auth/refresh\",method=\"POST\",status=\"5xx\"}", 1), ("avouch_refusals_total{code=\"server_fault\"}", 1),
            ("avouch_refreshes_total{result=\"fresh\"}", 0));
    }

    [Fact]
    public async Task Writes_hashes_and_the_signing_key_have_their_figures()
    {
        await Expect(async () => await Client.Register("alice"), ("avouch_database_batch_writes_sum", 1), ("avouch_database_batch_writes_count", 1), ("avouch_database_batch_duration_seconds_count", 1), ("avouch_database_writes_waiting", 0));
        await Expect(() => { Pass(TimeSpan.FromDays(1)); return Task.CompletedTask; }, ("avouch_signing_key_age_seconds", 86_400), ("avouch_signing_key_rotation_due_timestamp_seconds", 0));

        var read = await Scrape();
        Assert.Equal((Environment.ProcessorCount, 256, 0, 0), ((int)read.Value("avouch_hash_lanes"), (int)read.Value("avouch_hash_queue_capacity"), (int)read.Value("avouch_hash_queue_length"), (int)read.Value("avouch_hash_lanes_busy")));
        Assert.Equal(read.Value("avouch_journal_position"), read.Value("avouch_revocations_position"));
        Assert.Equal((await Server.Journal())[^1].Seq, read.Value("avouch_journal_position"));
    }

    [Fact]
    public async Task Nobody_can_make_a_series_by_asking()
    {
        var tokens = await Client.Join("alice");
        await Try(0);
        await Scrape();   // which is a route too
        var before = Names(await Scrape());

        for (var number = 1; number < 40; number++) await Try(number);

        Assert.Equal(before, Names(await Scrape()));

        async Task Try(int number)
        {
            await Client.Get($"/nothing/{number}");
            await Client.Get($"/api/v1/auth/sessions/{number}?x={number}", tokens.AccessToken);
            await Client.Send(new HttpRequestMessage(new HttpMethod($"VERB{number}"), "/api/v1/users/me"));
            await Client.PostJson("/api/v1/auth/login", new { username = $"user{number}", password = $"Passw0rd {number}" });
            await Client.TryRefresh($"avr_{number}");
            await Client.PostRaw("/api/v1/auth/login", $"type/x{number}", "x");
            using var agent = new HttpRequestMessage(HttpMethod.Get, "/ping");
            agent.Headers.TryAddWithoutValidation("User-Agent", $"agent {number}");
            await Client.Send(agent);
        }

        static string Names(Exposition read) =>
            string.Join('\n', read.Families.Values.Where(family => family.Name.StartsWith("avouch", StringComparison.Ordinal)).SelectMany(family => family.Samples.Keys));
    }

    [Fact]
    public async Task A_reader_that_is_strict_refuses_what_is_wrong()
    {
        const string Good = "# HELP a_total A.\n# TYPE a_total counter\na_total{b=\"c\"} 1\n";
        Assert.Equal(1, Exposition.Parse(Good).Value("a_total{b=\"c\"}"));

        foreach (var bad in (string[])[Good[..^1], Good + "a_total{b=\"c\"} 2\n", Good + Good, Good.Replace("counter", "gauge", StringComparison.Ordinal), Good.Replace("\"c\"", "\"c\nd\"", StringComparison.Ordinal), Good.Replace(" 1\n", " one\n", StringComparison.Ordinal), "a_total 1\n" + Good])
            Assert.ThrowsAny<Exception>(() => Exposition.Parse(bad));
        Assert.NotEmpty((await Scrape()).Families);
    }

    private async Task<Exposition> Scrape()
    {
        var answer = await Client.Get("/metrics");
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.Status);
        return Exposition.Parse(answer.Text);
    }

    /// <summary>Each of the values has changed by exactly so much.</summary>
    private async Task Expect(Func<Task> action, params (string Sample, double Change)[] changes)
    {
        await Server.Get<SessionCount>().Run();
        var before = await Scrape();
        await action();
        var after = await Scrape();
        Assert.All(changes, change => Assert.True(change.Change.Equals(Math.Round(after.Value(change.Sample) - before.Value(change.Sample), 6)), $"{change.Sample} went from {before.Value(change.Sample)} to {after.Value(change.Sample)}"));
        Assert.All(changes, change => Assert.Contains(change.Sample, after.Families.Values.SelectMany(family => family.Samples.Keys)));
    }
}
