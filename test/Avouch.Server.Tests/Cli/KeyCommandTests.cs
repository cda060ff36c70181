using System.Text.Json;
using Avouch.Protocol;
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
        var rotated = (await place.Do("keys", "rotate", "--now")).Split(' ')[0];
        Assert.Equal(rotated, await Signing(place));

        Assert.Contains("is withdrawn", await place.Do("keys", "withdraw", rotated, "--yes"), StringComparison.Ordinal);
        Assert.Contains("withdrawn before", await place.Do("keys", "withdraw", rotated), StringComparison.Ordinal);

        Assert.NotEqual(rotated, await Signing(place));
        Assert.Equal("withdrawn", (await place.List("keys", "list")).Single(key => key.Text("kid") == rotated).Text("state"));
        Assert.Equal(rotated, Assert.Single(await place.List("journal", "list", "--kind", "key.withdrawn")).Text("detail"));
        Assert.DoesNotContain("private", await place.Do("keys", "list", "--json"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((1, "There is no key \"nobody\". This shows them all: avouch keys list"), await Refusal(place, "keys", "withdraw", "nobody", "--yes"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_key_of_today_does_not_sign_before_it_is_known_unless_somebody_insists(bool hasServer)
    {
        await using var place = await Place.Open(hasServer);
        if (!hasServer) Assert.DoesNotContain("refuse", await place.Do("keys", "rotate"), StringComparison.Ordinal);   // the first of all: nobody holds a key set
        var signing = await Signing(place);

        var (exit, reason) = await Refusal(place, "keys", "rotate");
        Assert.Equal(1, exit);
        Assert.Matches(@"^Nothing was done: .* before \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\..*avouch keys rotate --now$", reason);
        Assert.Equal(signing, await Signing(place));

        Assert.Matches(@"signs now\.\s+Whoever caches the key set may refuse its tokens until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.", await place.Do("keys", "rotate", "--now"));
        Assert.NotEqual(signing, await Signing(place));
    }

    [Fact]
    public async Task The_secret_of_HS256_is_listed_and_only_its_setting_exchanges_it()
    {
        await using var place = await Place.Open(hasServer: false);
        await place.Do("keys", "rotate");
        (string, string)[] hs256 = [("AVOUCH_ALGORITHM", "HS256"), ("AVOUCH_JWT_SECRET", New)];
        Task<ChildAnswer> Run(params string[] command) => Child.RunWith(place.Folder, hs256, ["keys", .. command, "--data", place.Folder]);

        var keys = (await Run("list", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([("ES256", "verifying"), ("ES256", "verifying"), ("HS256", "signing")], keys.Select(key => (key.Text("algorithm"), key.Text("state"))));
        using var secret = SigningKey.Import(JwsAlgorithm.HS256, Convert.FromHexString(New));
        Assert.Equal((secret.KeyId, JsonValueKind.Null), (keys[2].Text("kid"), keys[2].GetProperty("created_at").ValueKind));

        foreach (var refused in (ChildAnswer[])[await Run("rotate"), await Run("rotate", "--now"), await Run("withdraw", secret.KeyId, "--yes")])
        {
            Assert.Equal((1, ""), (refused.Exit, refused.Output));
            Assert.Contains("Exchange AVOUCH_JWT_SECRET", refused.Error, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await Run("withdraw", keys[0].Text("kid"), "--yes")).Exit);
        Assert.Contains("There is no key", (await Refusal(place, "keys", "withdraw", secret.KeyId, "--yes")).Item2, StringComparison.Ordinal);   // with ES256
    }

    [Fact]
    public async Task An_empty_name_is_called_empty()
    {
        await using var place = await Place.Open(hasServer: false);

        Assert.Equal((1, "The id of the key is empty. This shows them all: avouch keys list"), await Refusal(place, "keys", "withdraw", "", "--yes"));
        Assert.Equal((1, "The name of the user is empty. This shows them all: avouch users list"), await Refusal(place, "users", "show", ""));
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
        await place.Do("keys", "rotate", "--now");
        File.Move(Path.Combine(place.Folder, "secret.key"), Path.Combine(place.Folder, "old.key"));
        (string, string)[] both = [("AVOUCH_SECRET_KEY", New), ("AVOUCH_SECRET_KEY_PREVIOUS_FILE", Path.Combine(place.Folder, "old.key"))];

        var sealing = await Child.RunWith(place.Folder, both, "keys", "reencrypt", "--data", place.Folder);
        var again = await Child.RunWith(place.Folder, both, "keys", "reencrypt", "--data", place.Folder);
        var alone = await Child.RunWith(place.Folder, [("AVOUCH_SECRET_KEY", New)], "keys", "rotate", "--now", "--data", place.Folder);

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
