using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Keys;

public sealed class KeyRotationTests : ServerTests
{
    [Fact]
    [Trait("ASVS", "11.2.2")]
    public async Task The_key_that_was_published_ahead_signs_and_old_tokens_still_count()
    {
        var before = await Client.Join("alice");
        var published = await KeyIds();

        await Server.Get<SigningKeys>().Rotate(isNow: true);

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

        await Server.Get<SigningKeys>().Rotate(isNow: true);

        Assert.Equal(3, (await KeyIds()).Count);
        Assert.Empty(old.Except(await KeyIds()));
        Assert.NotEqual(tag, (await Client.Get("/.well-known/jwks.json")).Headers["ETag"]);
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.KeyRotated);
    }

    [Fact]
    public async Task A_rotation_outlives_a_restart()
    {
        var before = await Client.Join("alice");
        await Server.Get<SigningKeys>().Rotate(isNow: true);
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
        await Server.Get<SigningKeys>().Rotate(isNow: true);

        Pass(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await Restart();

        Assert.DoesNotContain(KeyId(before), await KeyIds());
        (await Client.Me(before)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Fact]
    public async Task A_key_rotates_once_it_has_been_published_for_ten_minutes_and_not_a_second_before()
    {
        var keys = Server.Get<SigningKeys>();
        var signing = keys.Current.Signer.KeyId;
        var published = await KeyIds();
        var knownFrom = Server.Time.GetUtcNow() + SigningKeys.PublishAhead;

        Pass(SigningKeys.PublishAhead - TimeSpan.FromSeconds(1));
        Assert.Equal(new KeyRotation(null, knownFrom), await keys.Rotate(isNow: false));
        Assert.Equal((signing, 0), (keys.Current.Signer.KeyId, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.KeyRotated)));
        Assert.Equal(published, await KeyIds());

        Pass(TimeSpan.FromSeconds(1));
        Assert.Contains((await keys.Rotate(isNow: false)).Signing!, published);
        Assert.Null((await keys.Rotate(isNow: false)).Signing);   // twice in a row
        Assert.NotNull((await keys.Rotate(isNow: true)).Signing);
    }

    [Fact]
    public async Task Of_two_rotations_at_once_one_is_done_and_the_other_waits_for_the_new_next_key()
    {
        var keys = Server.Get<SigningKeys>();
        Pass(SigningKeys.PublishAhead);

        var both = await Task.WhenAll(keys.Rotate(isNow: false), keys.Rotate(isNow: false));

        Assert.Single(both, rotation => rotation.Signing is not null);
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.KeyRotated);
    }

    [Fact]
    public async Task Right_after_a_change_of_algorithm_no_key_rotates()
    {
        await Restart(("AVOUCH_ALGORITHM", "ES384"));
        Assert.Null((await Server.Get<SigningKeys>().Rotate(isNow: false)).Signing);
        Assert.Equal("ES256", (await Client.Join("alice")).Header.Text("alg"));
    }

    private static string KeyId(Tokens tokens) => tokens.Header.Text("kid");

    private async Task<List<string>> KeyIds() =>
        [.. (await Client.Get("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().Select(key => key.Text("kid"))];
}
