using System.Text.Json;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>What scripts read. A change here breaks them: it belongs into a new member, not into an old one.</summary>
public sealed class JsonFormatTests
{
    [Fact]
    public async Task What_commands_print_for_machines_keeps_its_form()
    {
        await using var place = await Place.Open(hasServer: true);
        await place.AddUser("alice", "--admin");
        await place.Client!.SignIn("alice");

        foreach (var command in (string[])["users list", "users show alice", "sessions list", "keys list", "journal list"])
            ToArray(await place.List(command.Split(' '))).MustMatchGolden("cli-" + string.Join('-', command.Split(' ').Take(2)));
    }

    [Fact]
    public async Task An_export_keeps_its_form()
    {
        await using var place = await Place.Open(hasServer: false);
        await place.AddUser("alice", "--admin");
        var outside = Directory.CreateTempSubdirectory("avouch-test-");
        var file = Path.Combine(outside.FullName, "users.jsonl");

        await place.Do("users", "export", file);

        ToArray([.. (await File.ReadAllLinesAsync(file)).Select(line => JsonDocument.Parse(line).RootElement)]).MustMatchGolden("cli-users-export");
        outside.Delete(recursive: true);
    }

    private static JsonElement ToArray(List<JsonElement> rows) => JsonSerializer.SerializeToElement(rows);
}
