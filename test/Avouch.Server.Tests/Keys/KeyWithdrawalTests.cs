using System.Net;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Keys;

public sealed class KeyWithdrawalTests : ServerTests
{
    private SigningKeys Keys => Server.Get<SigningKeys>();

    [Fact]
    public async Task Tokens_of_a_withdrawn_key_are_refused_at_once_and_nobody_signs_in_again()
    {
        var before = await Client.Join("alice");
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(before)).Status);

        Assert.True(await Keys.Withdraw(KeyId(before)));

        (await Client.Me(before)).MustBe(HttpStatusCode.Unauthorized, "invalid_token");
        var after = await Client.Refresh(before);
        Assert.NotEqual(KeyId(before), KeyId(after));
        Assert.Equal(before.SessionId, after.SessionId);
        Assert.Equal(HttpStatusCode.OK, (await Client.Me(after)).Status);
    }

    [Fact]
    public async Task A_withdrawn_key_leaves_the_set_and_another_is_published_ahead()
    {
        var withdrawn = KeyId(await Client.Join("alice"));

        await Keys.Withdraw(withdrawn);

        var states = (await Keys.List()).ToDictionary(key => key.KeyId, key => key.State);
        Assert.Equal(KeyState.Withdrawn, states[withdrawn]);
        Assert.Single(states, key => key.Value == KeyState.Signing);
        Assert.Single(states, key => key.Value == KeyState.Next);
        Assert.DoesNotContain(withdrawn, (await Client.Get("/.well-known/jwks.json")).Text, StringComparison.Ordinal);
        Assert.Equal(withdrawn, Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.KeyWithdrawn).Detail);
    }

    [Fact]
    public async Task A_key_that_was_only_published_ahead_is_replaced()
    {
        var tokens = await Client.Join("alice");
        var next = (await Keys.List()).Single(key => key.State == KeyState.Next).KeyId;

        await Keys.Withdraw(next);

        Assert.Equal(HttpStatusCode.OK, (await Client.Me(tokens)).Status);
        Assert.NotEqual(next, (await Keys.List()).Single(key => key.State == KeyState.Next).KeyId);
    }

    [Fact]
    public async Task A_withdrawal_outlives_a_restart()
    {
        var tokens = await Client.Join("alice");
        await Keys.Withdraw(KeyId(tokens));

        await Restart();

        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.Me(tokens)).Status);
    }

    [Fact]
    public async Task Of_two_withdrawals_at_once_one_does_it_and_a_stranger_is_nothing()
    {
        var keyId = KeyId(await Client.Join("alice"));

        var both = await Task.WhenAll(Keys.Withdraw(keyId), Keys.Withdraw(keyId));

        Assert.Single(both, isDone => isDone);
        Assert.False(await Keys.Withdraw("nobody"));
        Assert.Single(await Server.Journal(), entry => entry.Kind == JournalKind.KeyWithdrawn);
    }

    [Fact]
    [Trait("ASVS", "11.1.1")]
    public async Task A_key_signs_for_ninety_days_and_not_a_second_more()
    {
        var first = (await Keys.List()).Single(key => key.State == KeyState.Signing).KeyId;

        Pass(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        Assert.False(await Keys.RotateIfDue());

        Pass(TimeSpan.FromSeconds(1));
        await Keys.RotateIfDue();   // or the housekeeping of that minute, whoever comes first
        Assert.NotEqual(first, (await Keys.List()).Single(key => key.State == KeyState.Signing).KeyId);
        Assert.False(await Keys.RotateIfDue());
    }

    [Fact]
    public async Task After_ninety_days_a_next_key_that_replaces_a_withdrawn_one_is_published_first()
    {
        var first = (await Keys.List()).Single(key => key.State == KeyState.Signing).KeyId;
        Pass(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        await Keys.Withdraw((await Keys.List()).Single(key => key.State == KeyState.Next).KeyId);

        Pass(SigningKeys.PublishAhead - TimeSpan.FromSeconds(1));
        Assert.False(await Keys.RotateIfDue());
        Assert.Equal(first, Keys.Current.Signer.KeyId);

        Pass(TimeSpan.FromSeconds(1));
        await Keys.RotateIfDue();   // or the housekeeping of that minute, whoever comes first
        Assert.NotEqual(first, (await Keys.List()).Single(key => key.State == KeyState.Signing).KeyId);
    }

    private static string KeyId(Tokens tokens) => tokens.Header.Text("kid");
}
