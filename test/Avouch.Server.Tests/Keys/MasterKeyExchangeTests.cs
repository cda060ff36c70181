using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Keys;

/// <summary>The master key is exchanged for another without anybody signing in again.</summary>
public sealed class MasterKeyExchangeTests : ServerTests
{
    private const string Old = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";
    private const string New = "ff112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    private static readonly (string, string)[] Both = [("AVOUCH_SECRET_KEY", New), ("AVOUCH_SECRET_KEY_PREVIOUS", Old)];

    private protected override (string Name, string Value)[] Settings => [("AVOUCH_SECRET_KEY", Old)];

    [Fact]
    public async Task With_the_old_key_beside_the_new_one_everything_still_counts()
    {
        var tokens = await Client.Join("alice");

        await Restart(Both);

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        var refreshed = await Client.Refresh(tokens);
        Assert.NotEqual(tokens.RefreshToken[..7], refreshed.RefreshToken[..7]);   // the number of the key in it is another
    }

    [Fact]
    [Trait("ASVS", "11.2.2")]
    public async Task Once_everything_is_sealed_anew_the_old_key_is_not_needed()
    {
        var tokens = await Client.Join("alice");
        await Restart(Both);
        tokens = await Client.Refresh(tokens);
        var keys = Server.Get<SigningKeys>();

        foreach (var key in await keys.List()) Assert.True(await keys.Reseal(key));
        foreach (var key in await keys.List()) Assert.False(await keys.Reseal(key));
        await Installation.SetMasterKey(Server.Database, Server.Get<SecurityJournal>(), Server.Get<MasterKeys>().Current, Server.Time.GetUtcNow());

        await Restart(("AVOUCH_SECRET_KEY", New));
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        await Client.Refresh(tokens);
    }

    [Fact]
    public async Task Before_that_the_new_key_alone_is_refused()
    {
        await Restart(Both);

        await Assert.ThrowsAsync<StartException>(() => Restart(("AVOUCH_SECRET_KEY", New)));
    }

    [Fact]
    public async Task A_refresh_token_of_a_key_that_was_dropped_is_refused()
    {
        var tokens = await Client.Join("alice");
        await Restart(Both);
        var keys = Server.Get<SigningKeys>();
        foreach (var key in await keys.List()) await keys.Reseal(key);
        await Installation.SetMasterKey(Server.Database, Server.Get<SecurityJournal>(), Server.Get<MasterKeys>().Current, Server.Time.GetUtcNow());

        await Restart(("AVOUCH_SECRET_KEY", New));

        (await Client.TryRefresh(tokens.RefreshToken)).MustBe(HttpStatusCode.Unauthorized, "invalid_refresh_token");
    }
}
