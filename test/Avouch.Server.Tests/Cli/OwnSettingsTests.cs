using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>Whose settings <c>settings print</c> shows, and what is said where a server does not take commands.</summary>
public sealed class OwnSettingsTests
{
    [Fact]
    public async Task Beside_a_server_those_of_the_server_are_printed_and_it_is_said()
    {
        await using var place = await Place.Open(hasServer: true);

        var answer = await place.Run("settings", "print", "--set", "AVOUCH_SESSIONS_PER_USER=7");
        var lines = await place.List("settings", "print", "--set", "AVOUCH_SESSIONS_PER_USER=7");

        Assert.Equal(0, answer.Exit);
        Assert.Contains("AVOUCH_SESSIONS_PER_USER=50\n", answer.Output, StringComparison.Ordinal);
        Assert.Matches(@"^These are the settings of the server that runs on this folder \(process \d+\), not those of this shell\.\s*$", answer.Error);
        Assert.Equal("50", Assert.Single(lines, line => line.Text("name") == "AVOUCH_SESSIONS_PER_USER").Text("value"));
        Assert.Equal((TestServer.Issuer, "environment"), Issuer(lines));
    }

    [Fact]
    public async Task Without_a_server_the_stored_issuer_is_shown_and_nothing_is_made()
    {
        await using var place = Place.OpenEmpty();
        Assert.Equal("default", Issuer(await place.List("settings", "print")).Origin);
        Assert.Empty(Directory.GetFileSystemEntries(place.Folder));
        var (server, _) = await Child.Serve(place.Folder);
        await server.Interrupt();

        Assert.Equal((TestServer.Issuer, "the database, since the server first listened"), Issuer(await place.List("settings", "print")));
        Assert.Equal(("https://other.example.test", "command line"), Issuer(await place.List("settings", "print", "--set", "AVOUCH_PUBLIC_URL=https://other.example.test")));
    }

    [Fact]
    public async Task A_server_whose_socket_is_gone_is_to_be_restarted()
    {
        await using var place = await Place.Open(hasServer: true);
        File.Delete(Path.Combine(place.Folder, "avouch.sock"));

        var answer = await place.Run("users", "list");

        Assert.Equal((4, ""), (answer.Exit, answer.Output));
        Assert.Contains("avouch.sock is missing. If it is a server, restart it", answer.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(place.Folder, "avouch.sock"), "");
        Assert.Contains("nobody answers at", (await place.Run("users", "list")).Error, StringComparison.Ordinal);
    }

    private static (string? Value, string? Origin) Issuer(List<System.Text.Json.JsonElement> lines)
    {
        var line = Assert.Single(lines, line => line.Text("name") == "AVOUCH_PUBLIC_URL");
        return (line.Text("value"), line.Text("origin"));
    }
}
