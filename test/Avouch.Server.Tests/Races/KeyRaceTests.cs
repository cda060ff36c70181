using System.Text.Json;
using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Races;

public sealed class KeyRaceTests
{
    private const int Rounds = 10;
    private const int Runners = 8;

    [Fact]
    public async Task A_withdrawn_key_does_not_come_back_with_a_rotation_at_the_same_time()
    {
        await using var server = await TestServer.Start();
        using var client = server.Client();
        await client.Register("alice");
        var keys = server.Get<SigningKeys>();
        for (var round = 0; round < Rounds; round++)
        {
            var tokens = await client.SignIn("alice");
            Assert.Equal(200, (int)(await client.Me(tokens)).Status);
            var rotating = Enumerable.Range(0, Runners).Select(_ => Task.Run(() => keys.Rotate(isNow: true))).ToList();
            Assert.True(await keys.Withdraw(KeyOf(tokens)));
            Assert.Equal("invalid_token", (await client.Me(tokens)).Code);
            await Task.WhenAll(rotating);
            Assert.Equal("invalid_token", (await client.Me(tokens)).Code);
            Assert.Equal(200, (int)(await client.Me(await client.Refresh(tokens))).Status);
        }
    }

    [Fact]
    public async Task A_key_that_is_due_is_replaced_once_however_many_notice_it()
    {
        await using var server = await TestServer.Start(settings: ("AVOUCH_JOURNAL_RETENTION_DAYS", "36500"));
        var keys = server.Get<SigningKeys>();
        for (var round = 1; round <= Rounds; round++)
        {
            await keys.RotateIfDue();   // the next key is there before the time passes, even if the housekeeping of the last round still makes it
            server.Time.Advance(TimeSpan.FromDays(90));   // housekeeping notices it too
            await Task.WhenAll(Enumerable.Range(0, Runners).Select(_ => Task.Run(keys.RotateIfDue)));
            Assert.Equal(round, (await server.Journal()).Count(entry => entry.Kind == JournalKind.KeyRotated));
        }
    }

    private static string KeyOf(Tokens tokens) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.AccessToken.Split('.')[0])).RootElement.GetProperty("kid").GetString()!;
}
