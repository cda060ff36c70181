using System.Text.Json;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>The smaller commands.</summary>
public sealed class OtherCommandTests
{
    [Fact]
    public async Task The_database_is_migrated_once_and_a_running_server_has_done_it()
    {
        await using var place = Place.OpenEmpty();
        await using var served = await Place.Open(hasServer: true);

        Assert.StartsWith("Applied 0001-", await place.Do("migrate"), StringComparison.Ordinal);
        Assert.Contains("up to date", await place.Do("migrate"), StringComparison.Ordinal);
        Assert.Contains("A server runs on this folder", await served.Do("migrate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_needs_a_server()
    {
        await using var place = await Place.Open(hasServer: false);

        var answer = await place.Run("journal", "follow");

        Assert.Equal((1, ""), (answer.Exit, answer.Output));
        Assert.Contains("avouch journal list", answer.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_journal_is_filtered_by_user_kind_time_and_number(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        foreach (var name in (string[])["alice", "bob"]) await place.AddUser(name);
        await place.Do("users", "disable", "alice");

        Assert.Equal(["user.registered", "user.disabled"], Kinds(await place.List("journal", "list", "--user", "alice")));
        Assert.Equal(["alice", "bob"], (await place.List("journal", "list", "--kind", "user.registered")).ConvertAll(row => row.Text("user")));
        Assert.Equal(["user.disabled"], Kinds(await place.List("journal", "list", "--limit", "1")));
        Assert.Equal(3, (await place.List("journal", "list", "--kind", "user", "--since", "1h")).Count);
        Assert.Empty(await place.List("journal", "list", "--since", "2999-01-01"));
        Assert.Equal(2, (await place.Run("sessions", "end", "no-id")).Exit);
        foreach (var wrong in (string[][])[["--kind", "use"], ["--since", "soon"], ["--limit", "0"], ["--limit", "x"]])
            Assert.Equal(2, (await place.Run(["journal", "list", .. wrong])).Exit);
        Assert.Equal(1, (await place.Run("journal", "list", "--user", "carol")).Exit);
    }

    [Fact]
    public async Task Hashes_are_measured_and_one_cost_is_recommended()
    {
        await using var place = await Place.Open(hasServer: false);

        var lines = await place.List("hash", "calibrate", "--max-memory", "32768", "--set", "AVOUCH_HASH_LANES=1");

        Assert.True(lines.Count > 3);
        Assert.All(lines, line => Assert.True(line.GetProperty("milliseconds").GetDouble() > 0 && line.GetProperty("per_second").GetDouble() > 0));
        var recommended = Assert.Single(lines, line => line.GetProperty("is_recommended").GetBoolean());
        Assert.True(recommended.GetProperty("memory_kib").GetInt32() >= 19_456);
        var refused = await place.Run("hash", "calibrate", "--max-memory", "1000");
        Assert.Equal((1, ""), (refused.Exit, refused.Output));
    }

    [Fact]
    public async Task Settings_are_printed_for_machines()
    {
        await using var place = await Place.Open(hasServer: false);

        var lines = await place.List("settings", "print", "--set", "AVOUCH_SESSIONS_PER_USER=7");

        var line = Assert.Single(lines, line => line.Text("name") == "AVOUCH_SESSIONS_PER_USER");
        Assert.Equal(("7", "command line", "50"), (line.Text("value"), line.Text("origin"), line.Text("default")));
    }

    [Fact]
    public async Task The_schema_names_every_setting_with_its_range()
    {
        await using var place = await Place.Open(hasServer: false);
        var names = (await place.List("settings", "print")).ConvertAll(line => line.Text("name"));

        var properties = JsonDocument.Parse((await Child.Run(place.Folder, "", "settings", "schema")).Output).RootElement.GetProperty("properties");

        Assert.All(names, name => Assert.True(properties.TryGetProperty(name, out _), name));
        var sessions = properties.GetProperty("AVOUCH_SESSIONS_PER_USER");
        Assert.Equal(("integer", 1, 10_000, 50), (sessions.Text("type"), sessions.GetProperty("minimum").GetInt32(), sessions.GetProperty("maximum").GetInt32(), sessions.GetProperty("default").GetInt32()));
        Assert.True(properties.TryGetProperty("AVOUCH_SECRET_KEY_FILE", out _));
    }

    private static List<string> Kinds(List<JsonElement> rows) => rows.ConvertAll(row => row.Text("kind"));
}
