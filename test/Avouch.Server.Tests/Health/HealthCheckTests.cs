using System.Net;
using Avouch.Server.Data;
using Avouch.Server.Health;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Passwords;
using Avouch.Server.Sessions;
using Avouch.Server.Settings;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Tests.Passwords;

namespace Avouch.Server.Tests.Health;

/// <summary>Health says what is wrong: with reasons for everybody, and figures for whoever runs the server.</summary>
public sealed class HealthCheckTests : ServerTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public async Task All_that_is_looked_at_is_named()
    {
        var answer = await Client.Get("/health");

        var checks = answer.Json.GetProperty("checks").EnumerateObject().ToList();
        Assert.Equal(["database", "writer", "password_hashing", "signing_key", "revocations", "disk", "clock", "mail"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.Equal("healthy", check.Value.Text("status")));
    }

    [Fact]
    [Trait("ASVS", "13.4.5")]
    [Trait("ASVS", "16.5.1")]
    public async Task Only_whoever_runs_the_server_sees_figures()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");

        var theirs = await Client.Send(request);
        var ours = await Client.Get("/health");

        Assert.DoesNotContain("detail", theirs.Text, StringComparison.Ordinal);
        Assert.Equal(theirs.Json.GetProperty("checks").EnumerateObject().Count(), ours.Json.GetProperty("checks").EnumerateObject().Count());
        Assert.Contains("MiB free", ours.Json.GetProperty("checks").GetProperty("disk").Text("detail"), StringComparison.Ordinal);
        ours.MustNotEcho(Server.Folder);
    }

    [Fact]
    public async Task A_writer_that_does_not_come_back_is_told_although_nothing_can_be_written()
    {
        using var release = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var stuck = Server.Database.Write(_ =>
        {
            begun.Set();
            release.Wait();
            return ValueTask.FromResult(true);
        }).AsTask();
        begun.Wait();
        var waiting = Client.Register("alice");
        try
        {
            Pass(TimeSpan.FromSeconds(10));
            Assert.Equal(HttpStatusCode.OK, (await Client.Get("/health")).Status);

            Pass(TimeSpan.FromSeconds(1));
            var answer = await Client.Get("/health");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), (answer.Status, answer.Json.Text("status")));
            var writer = answer.Json.GetProperty("checks").GetProperty("writer");
            Assert.Equal("A write has not ended for a long time, and others wait behind it.", writer.Text("reason"));
            Assert.Contains("11.0 s so far", writer.Text("detail"), StringComparison.Ordinal);
            Assert.Equal("healthy", answer.Json.GetProperty("checks").GetProperty("database").Text("status"));
        }
        finally
        {
            release.Set();
        }
        await stuck;
        await waiting;
        Assert.Equal("healthy", (await Client.Get("/health")).Json.Text("status"));
    }

    [Fact]
    [Trait("ASVS", "16.2.2")]
    public async Task A_clock_that_went_back_is_told_from_more_than_two_seconds_on()
    {
        await Write(Server.Time.GetUtcNow() + TimeSpan.FromSeconds(2));
        Assert.Equal("healthy", await State("clock"));

        await Write(Server.Time.GetUtcNow() + TimeSpan.FromSeconds(3));
        var answer = await Client.Get("/health");
        Assert.Equal((HttpStatusCode.OK, "degraded"), (answer.Status, answer.Json.Text("status")));
        Assert.Equal("The clock is behind the newest row of the journal.", answer.Json.GetProperty("checks").GetProperty("clock").Text("reason"));

        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("healthy", await State("clock"));

        async Task Write(DateTimeOffset at) => await Server.Database.Write(transaction => Server.Get<SecurityJournal>().Add(transaction, new JournalEntry(JournalKind.SettingChanged, at)));
    }

    [Fact]
    public async Task A_key_that_is_not_replaced_is_told_a_day_after_it_was_due()
    {
        await Server.Database.Write(transaction => transaction.Execute("ALTER TABLE signing_keys RENAME TO elsewhere"));   // so that no rotation succeeds

        Pass(TimeSpan.FromDays(91));
        Assert.Equal("healthy", await State("signing_key"));

        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("degraded", await State("signing_key"));
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1023, false)]
    [InlineData(99, false)]
    [InlineData(0, false)]
    public void A_disk_that_fills_up_is_told(long free, bool isWell)
    {
        var state = Checks(freeSpace: _ => free * MiB).FindDisk();

        Assert.Equal((isWell ? HealthLevel.Healthy : HealthLevel.Degraded, $"{free} MiB free"), (state.Level, state.Detail));
    }

    [Fact]
    public void Lanes_with_a_full_queue_are_told()
    {
        using var lanes = new HashLanes(1, 10, Server.Time);
        using var passwords = new PasswordHasher(new PasswordHashSettings { QueueCapacity = 10, Lanes = 1, MemoryKiB = 8 }, lanes);
        using var gate = new LaneGate(lanes);
        var checks = Checks(passwords);

        for (var waiting = 1; waiting <= 8; waiting++)
        {
            Assert.Equal(HealthLevel.Healthy, checks.FindHashing().Level);
            Assert.NotNull(lanes.TryRun($"network {waiting}", static _ => true, CancellationToken.None, out _));
        }

        var state = checks.FindHashing();
        gate.Open();
        Assert.Equal((HealthLevel.Degraded, "1 of 1 lanes work, 8 of 10 places are taken"), (state.Level, state.Detail));
    }

    [Fact]
    public async Task A_view_that_does_not_follow_the_journal_is_told()
    {
        var deaf = new SecurityJournal();   // nobody follows this one
        var checks = Checks(journal: deaf);
        await Server.Database.Write(transaction => deaf.Add(transaction, new JournalEntry(JournalKind.SettingChanged, Server.Time.GetUtcNow())));
        Assert.Equal(HealthLevel.Healthy, checks.FindRevocations().Level);

        Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(HealthLevel.Healthy, checks.FindRevocations().Level);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(HealthLevel.Unhealthy, checks.FindRevocations().Level);

        await Client.Register("alice");   // from here on the view knows more than what was awaited
        Assert.Equal(HealthLevel.Healthy, checks.FindRevocations().Level);
    }

    [Fact]
    public async Task A_check_that_fails_by_itself_is_told_and_the_others_are_looked_at()
    {
        var watch = new HealthWatch([new HealthCheck("broken", static () => throw new InvalidOperationException("inside")), new HealthCheck("well", static () => ValueTask.FromResult(HealthState.Well()))],
            Server.Time, new Microsoft.Extensions.Logging.Logger<HealthWatch>(Server.Get<Microsoft.Extensions.Logging.ILoggerFactory>()));

        var findings = await watch.LookAtAll();
        await watch.LookAtAll();

        Assert.Equal([HealthLevel.Unhealthy, HealthLevel.Healthy], findings.Select(finding => finding.State.Level));
        Assert.DoesNotContain("inside", findings[0].State.Reason, StringComparison.Ordinal);
        Assert.Single(Server.Logs.Lines, line => line.Contains("health.changed", StringComparison.Ordinal));   // once, however often somebody asks
    }

    [Fact]
    [Trait("ASVS", "16.3.4")]
    public async Task What_changes_is_logged_once_and_its_end_too()
    {
        await Server.Database.Write(transaction => Server.Get<SecurityJournal>().Add(transaction, new JournalEntry(JournalKind.SettingChanged, Server.Time.GetUtcNow() + TimeSpan.FromSeconds(30))));

        for (var asked = 0; asked < 5; asked++) await Client.Get("/health");
        Assert.Contains("clock is Degraded", Assert.Single(Lines("health.changed")), StringComparison.Ordinal);
        Assert.Empty(Lines("health.recovered"));

        Pass(TimeSpan.FromSeconds(30));
        for (var asked = 0; asked < 5; asked++) await Client.Get("/health");
        Assert.Single(Lines("health.changed"));
        Assert.Single(Lines("health.recovered"));

        IEnumerable<string> Lines(string name) => Server.Logs.Lines.Where(line => line.Contains(name, StringComparison.Ordinal));
    }

    private async Task<string> State(string check) => (await Client.Get("/health")).Json.GetProperty("checks").GetProperty(check).Text("status");

    private ServerChecks Checks(PasswordHasher? passwords = null, SecurityJournal? journal = null, FreeSpace? freeSpace = null) => new(
        Server.Get<Database>(), passwords ?? Server.Get<PasswordHasher>(), Server.Get<SigningKeys>(), journal ?? Server.Get<SecurityJournal>(), Server.Get<Revocations>(),
        Server.Get<ServerSettings>(), freeSpace ?? Server.Get<FreeSpace>(), Server.Time);
}
