using Avouch.Server.Journal;
using Avouch.Server.Passwords;
using Avouch.Server.Tests.Harness;
using Avouch.Server.Users;

namespace Avouch.Server.Tests.Proofs;

/// <summary>Who asks for a reset learns nothing about who has an account: not from the answer, not from the work.</summary>
public sealed class EnumerationTests : ServerTests
{
    [Fact]
    [Trait("ASVS", "6.4.3")]
    public async Task A_known_an_unknown_and_a_disabled_address_get_the_same_answer_byte_for_byte()
    {
        await Client.Register("alice");
        await Server.Get<UserChanges>().Disable((await Client.Register("bob")).GetProperty("id").GetGuid());

        var known = (await Client.RequestReset("alice@example.test")).MustBeDone();

        foreach (var address in (string[])["nobody@example.test", "bob@example.test", "ALICE@example.test", "alice@example.test"])
        {
            var answer = await Client.RequestReset(address);
            Assert.Equal(known.Body, answer.Body);
            Assert.Equal(Comparable(known), Comparable(answer));
        }
    }

    [Fact]
    public async Task Only_the_known_address_gets_mail_and_only_it_leaves_a_secret()
    {
        await Client.Register("alice");
        var before = await Rows();

        Assert.Empty(await Server.Mailed(async () => (await Client.RequestReset("nobody@example.test")).MustBeDone()));
        Assert.Equal(before with { Journal = before.Journal + 1 }, await Rows());
        Assert.Null((await Server.Journal())[^1].UserId);

        Assert.Single(await Server.Mailed(async () => (await Client.RequestReset("alice@example.test")).MustBeDone()));
        Assert.Equal(new Counts(before.Journal + 2, before.Mail + 1, before.Proofs + 1), await Rows());
        Assert.Equal(2, (await Server.Journal()).Count(entry => entry.Kind == JournalKind.PasswordResetRequested));
    }

    /// <summary>What each costs: no hash, one transaction, the same statements in it, in the same order.</summary>
    [Fact]
    public async Task A_known_and_an_unknown_address_cost_the_same_statements_and_no_hash()
    {
        await Client.Register("alice");
        await Server.Get<UserChanges>().Disable((await Client.Register("bob")).GetProperty("id").GetGuid());
        await Client.RequestReset("alice@example.test");   // the first secret is inserted, the next ones replace it
        var blocks = Server.Get<PasswordHasher>().BlocksFilled;

        var known = await Statements("alice@example.test");
        Assert.Equal(known, await Statements("nobody@example.test"));
        Assert.Equal(known, await Statements("bob@example.test"));

        Assert.Equal(6, known.Count);
        Assert.Equal(blocks, Server.Get<PasswordHasher>().BlocksFilled);
    }

    private async Task<List<string>> Statements(string address)
    {
        var observed = new ObservedDatabase(Server.Database);
        await observed.Reset(Server).Request(address, default);
        Assert.Equal((1, 0), (observed.Writes, observed.Reads));
        return observed.Said;
    }

    private static string Comparable(Answer answer) => string.Join("\n", answer.Headers
        .Where(header => header.Key is not "Date").OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}"));

    private async Task<Counts> Rows() => new(await Server.Count("journal"), await Server.Count("mail_outbox"), await Server.Count("account_proofs"));

    private sealed record Counts(long Journal, long Mail, long Proofs);
}
