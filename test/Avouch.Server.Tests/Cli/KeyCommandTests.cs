using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Cli;

/// <summary>Signing keys and the master key from the shell.</summary>
public sealed class KeyCommandTests
{
    private const string New = "ff112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    [Theory, InlineData(false), InlineData(true)]
    public async Task Keys_are_made_rotated_withdrawn_and_listed(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        var rotated = (await place.Do("keys", "rotate")).Split(' ')[0];
        Assert.Equal(rotated, await Signing(place));

        Assert.Contains("is withdrawn", await place.Do("keys", "withdraw", rotated, "--yes"), StringComparison.Ordinal);
        Assert.Contains("withdrawn before", await place.Do("keys", "withdraw", rotated), StringComparison.Ordinal);

        Assert.NotEqual(rotated, await Signing(place));
        Assert.Equal("withdrawn", (await place.List("keys", "list")).Single(key => key.Text("kid") == rotated).Text("state"));
        Assert.Equal(rotated, Assert.Single(await place.List("journal", "list", "--kind", "key.withdrawn")).Text("detail"));
        Assert.DoesNotContain("private", await place.Do("keys", "list", "--json"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((1, "There is no key \"nobody\". This shows them all: avouch keys list"), await Refusal(place, "keys", "withdraw", "nobody", "--yes"));
    }

    [Fact]
    public async Task Without_another_master_key_there_is_nothing_to_seal_anew()
    {
        await using var place = await Place.Open(hasServer: false);
        await place.Do("keys", "rotate");

        Assert.Contains("0 of 2", await place.Do("keys", "reencrypt"), StringComparison.Ordinal);
        Assert.Empty(await place.List("journal", "list", "--kind", "key.master_changed"));
    }

    [Fact]
    public async Task Sealing_anew_shows_progress_and_says_until_when_the_old_key_is_needed()
    {
        await using var place = await Place.Open(hasServer: false);
        await place.Do("keys", "rotate");
        await place.Do("keys", "rotate");
        File.Move(Path.Combine(place.Folder, "secret.key"), Path.Combine(place.Folder, "old.key"));
        (string, string)[] both = [("AVOUCH_SECRET_KEY", New), ("AVOUCH_SECRET_KEY_PREVIOUS_FILE", Path.Combine(place.Folder, "old.key"))];

        var sealing = await Child.RunWith(place.Folder, both, "keys", "reencrypt", "--data", place.Folder);
        var again = await Child.RunWith(place.Folder, both, "keys", "reencrypt", "--data", place.Folder);
        var alone = await Child.RunWith(place.Folder, [("AVOUCH_SECRET_KEY", New)], "keys", "rotate", "--data", place.Folder);

        Assert.Equal((0, 0, 0), (sealing.Exit, again.Exit, alone.Exit));
        Assert.Contains("Sealing private keys: 3 of 3", sealing.Error, StringComparison.Ordinal);
        Assert.Contains("sealed anew: 3 of 3", sealing.Output, StringComparison.Ordinal);
        Assert.Matches(@"Keep AVOUCH_SECRET_KEY_PREVIOUS until \d{4}-\d\d-\d\d", sealing.Output);
        Assert.Contains("sealed anew: 0 of 3", again.Output, StringComparison.Ordinal);
    }

    private static async Task<string> Signing(Place place) => (await place.List("keys", "list")).Single(key => key.Text("state") == "signing").Text("kid");

    private static async Task<(int, string)> Refusal(Place place, params string[] command)
    {
        var answer = await place.Run(command);
        return (answer.Exit, answer.Error.Trim());
    }
}
