using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Keys;

public sealed class KeyRotationTests : ServerTests
{
    // ASVS 11.2.2
    [Fact]
    public async Task The_key_that_was_published_ahead_signs_and_old_tokens_still_count()
    {
        var before = await Client.Join("alice");
        var published = await KeyIds();

        await Server.Get<SigningKeys>().Rotate();

        var after = await Client.SignIn("alice");
        Assert.NotEqual(KeyId(before), KeyId(after));
        Assert.Contains(KeyId(after), published);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(before)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(after)).Status);
        Assert.Equal(KeyId(after), KeyId(await Client.Refresh(before)));
    }

    [Fact]
    public async Task There_is_always_a_next_key_and_its_set_has_another_ETag()
    {
        await Client.Join("alice");
        var (old, tag) = (await KeyIds(), (await Client.Get("/.well-known/jwks.json")).Headers["ETag"]);

        await Server.Get<SigningKeys>().Rotate();

        Assert.Equal(3, (await KeyIds()).Count);
        Assert.Empty(old.Except(await KeyIds()));
        Assert.NotEqual(tag, (await Client.Get("/.well-known/jwks.json")).Headers["ETag"]);
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.KeyRotated);
    }

    [Fact]
    public async Task A_rotation_outlives_a_restart()
    {
        var before = await Client.Join("alice");
        await Server.Get<SigningKeys>().Rotate();
        var after = await Client.SignIn("alice");

        await Restart();

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(before)).Status);
        Assert.Equal(KeyId(after), KeyId(await Client.SignIn("alice")));
        Assert.Equal(3, await Server.Count("signing_keys"));
    }

    [Fact]
    [Trait("ASVS", "11.1.1")]
    public async Task A_retired_key_goes_when_its_last_token_is_dead()
    {
        var before = await Client.Join("alice");
        await Server.Get<SigningKeys>().Rotate();

        Pass(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await Restart();

        Assert.DoesNotContain(KeyId(before), await KeyIds());
        (await Client.Me(before)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
    }

    private static string KeyId(Tokens tokens) => tokens.Header.Text("kid");

    private async Task<List<string>> KeyIds() =>
        [.. (await Client.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().Select(key => key.Text("kid"))];
}
