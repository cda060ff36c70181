using Avouch.Server.Journal;
using Avouch.Server.Keys;
using Avouch.Server.Mail;
using Avouch.Server.Tests.Harness;

namespace Avouch.Server.Tests.Mail;

/// <summary>Letters that wait through a change of the master key, a restore, a restart.</summary>
public sealed class OutboxKeepingTests : IAsyncLifetime
{
    private const string Old = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";
    private const string New = "ff112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f";

    private readonly DirectoryInfo scratch = Directory.CreateTempSubdirectory("avouch-test-");
    private MailServer smtp = null!;
    private TestServer server = null!;

    public async ValueTask InitializeAsync()
    {
        smtp = await MailServer.Start();
        server = await TestServer.Start(settings: smtp.Settings(("AVOUCH_SECRET_KEY", Old)));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await smtp.DisposeAsync();
        scratch.Delete(recursive: true);
    }

    [Fact]
    [Trait("ASVS", "11.2.2")]
    public async Task Letters_are_opened_through_the_previous_key_and_sealed_anew()
    {
        await Bury("one@example.test");
        await Bury("two@example.test");
        await server.Restart(smtp.Settings(("AVOUCH_SECRET_KEY", New), ("AVOUCH_SECRET_KEY_PREVIOUS", Old)));
        var outbox = server.Get<Outbox>();
        Assert.Equal(["one@example.test", "two@example.test"], (await outbox.List(LetterState.Dead, Guid.Empty, 10)).Select(letter => letter.To).Order(StringComparer.Ordinal));

        var first = await outbox.Reseal(Guid.Empty, 1);
        var second = await outbox.Reseal(first.Next!.Value, 1);
        Assert.Equal((1, 1), (first.Resealed, second.Resealed));
        Assert.Equal((0, null), await outbox.Reseal(Guid.Empty, 10));

        var keys = server.Get<SigningKeys>();
        foreach (var key in await keys.List()) await keys.Reseal(key);
        await Installation.SetMasterKey(server.Database, server.Get<SecurityJournal>(), server.Get<MasterKeys>().Current, server.Time.GetUtcNow());
        await server.Restart(smtp.Settings(("AVOUCH_SECRET_KEY", New)));
        foreach (var letter in await server.Get<Outbox>().List(LetterState.Dead, Guid.Empty, 10)) Assert.True(await server.Get<Outbox>().Retry(letter.Id));
        await smtp.Await("message", 2);
    }

    [Fact]
    public async Task The_content_of_a_letter_does_not_lie_open_in_the_database()
    {
        await Bury("one@example.test");

        await server.BackUp(Path.Combine(scratch.FullName, "copy"));

        var bytes = await File.ReadAllBytesAsync(Path.Combine(scratch.FullName, "copy"));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("one@example.test"u8));
        Assert.Equal(-1, bytes.AsSpan().IndexOf("the-secret-of-it"u8));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_waited_when_the_backup_was_made_is_not_sent_after_a_restore_until_somebody_says_so(bool keepSessions)
    {
        await smtp.Order("RCPT", "451 4.7.1 Later");
        await Add("waiting@example.test");
        await Patience.Until(async () => (await server.Get<Outbox>().List(LetterState.Pending, Guid.Empty, 10)) is [{ Fault: not null }]);
        await server.BackUp(Path.Combine(scratch.FullName, "backup"));
        await smtp.Order("RCPT", "ok");
        server.Time.Advance(TimeSpan.FromSeconds(12));
        await smtp.Await("message");

        await server.Restore(Path.Combine(scratch.FullName, "backup"), keepSessions);
        server.Time.Advance(TimeSpan.FromMinutes(2));

        var dead = Assert.Single(await server.Get<Outbox>().List(LetterState.Dead, Guid.Empty, 10));
        Assert.Equal("The database comes from a backup: nobody knows whether this was sent since.", dead.Fault);
        Assert.Equal("1 of the backup", Assert.Single(await server.Journal(), entry => entry.Kind == JournalKind.MailDead).Detail);
        Assert.Single(smtp.Messages);
        Assert.True(await server.Get<Outbox>().Retry(dead.Id));
        Assert.Equal(smtp.Messages[0].Header("Message-ID"), (await smtp.Await("message", 2)).Header("Message-ID"));
    }

    private async Task Bury(string to)
    {
        await smtp.Order("RCPT", "550 5.1.1 No");
        var before = (await server.Get<Outbox>().Measure()).Dead;
        await Add(to);
        await Patience.Until(async () => (await server.Get<Outbox>().Measure()).Dead == before + 1);
        await smtp.Order("RCPT", "ok");
    }

    private async Task Add(string to) => await server.Database.Write(async transaction => await server.Get<Outbox>().Add(transaction, new Letter(
        MailTemplate.VerifyEmail, null, to, null, new Dictionary<string, string> { ["link"] = "https://auth.example.test/v#the-secret-of-it", ["expires"] = MailTime.Write(server.Time.GetUtcNow().AddDays(1)) })));
}
